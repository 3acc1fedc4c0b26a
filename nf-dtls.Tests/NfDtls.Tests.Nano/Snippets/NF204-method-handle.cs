// compile: host
using System;
using System.Linq.Expressions;

public class Snippet
{
    public static Expression<Action> Run() => () => One();

    private static void One()
    {
    }
}
