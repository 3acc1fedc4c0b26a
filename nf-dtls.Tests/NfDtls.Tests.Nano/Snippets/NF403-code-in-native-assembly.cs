// compile: native
using System.Runtime.CompilerServices;

public class Snippet
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern int Compute(byte[] data, int offset, int length);

    public static int Sum(byte[] data)
    {
        int sum = 0;
        foreach (byte b in data) sum += b;
        return sum + Compute(data, 0, data.Length);
    }
}
