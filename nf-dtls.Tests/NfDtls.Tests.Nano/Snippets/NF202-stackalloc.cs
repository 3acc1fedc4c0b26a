// compile: unsafe
public class Snippet
{
    public static unsafe int Run(int size)
    {
        byte* p = stackalloc byte[size];
        return p[0];
    }
}
