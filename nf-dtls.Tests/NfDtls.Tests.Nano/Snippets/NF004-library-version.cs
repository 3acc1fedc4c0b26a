// compile: older-surface
using System;

public class Snippet
{
    public double Root(double value) => Math.Sqrt(value);
}
