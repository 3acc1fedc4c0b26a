// compile: unsafe also=NF103
public class Snippet
{
    public static unsafe int Run(delegate*<int> function) => function();
}
