// compile: older-surface
using System;

public class Snippet
{
    public int Draw() => new Random().Next();
}
