// compile: host
using System.Runtime.InteropServices;

public class Snippet
{
    [DllImport("library")]
    public static extern int Compute(int value);
}
