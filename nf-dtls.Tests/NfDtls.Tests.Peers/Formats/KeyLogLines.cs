using System;
using System.Text;

namespace NfDtls.Tests.Peers.Formats;

/// <summary>The lines of a key log file.</summary>
internal sealed class KeyLogLines : KeyLog
{
    private readonly StringBuilder _lines = new();

    public override void Write(byte[] clientRandom, byte[] masterSecret)
    {
        _lines.Append("CLIENT_RANDOM ").Append(Convert.ToHexString(clientRandom)).Append(' ').Append(Convert.ToHexString(masterSecret)).Append('\n');
    }

    public override string ToString()
    {
        return _lines.ToString();
    }
}
