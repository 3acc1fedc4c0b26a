// compile: unsafe
public class Snippet
{
    public static unsafe object Run()
    {
        delegate*<int> function = &One;
        return (nint)function;
    }

    private static int One() => 1;
}
