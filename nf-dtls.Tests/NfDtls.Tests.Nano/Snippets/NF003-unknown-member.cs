// compile: older-surface
using System;

public class Snippet
{
    public void Wipe(byte[] data) => Array.Clear(data, 0, data.Length);
}
