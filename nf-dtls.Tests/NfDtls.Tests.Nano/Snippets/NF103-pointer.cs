// compile: unsafe
public class Snippet
{
    public static unsafe int First(byte[] data)
    {
        fixed (byte* p = data) return p[0];
    }
}
