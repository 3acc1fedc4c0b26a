namespace NfDtls.Tests.Engine;

/// <summary>A datagram on its way.</summary>
internal sealed class Datagram
{
    internal Datagram(bool toServer, byte[] address, byte[] bytes, long sent, int number)
    {
        ToServer = toServer;
        Address = address;
        Bytes = bytes;
        Sent = sent;
        Number = number;
    }

    internal bool ToServer { get; }

    /// <summary>The client's address, whichever way it goes.</summary>
    internal byte[] Address { get; }

    internal byte[] Bytes { get; set; }

    internal long Sent { get; }

    /// <summary>How many datagrams were sent before it, in both directions.</summary>
    internal int Number { get; }

    /// <summary>The content type of its first record.</summary>
    internal int FirstType
    {
        get { return Bytes[0]; }
    }

    /// <summary>The epoch of its first record.</summary>
    internal int FirstEpoch
    {
        get { return (Bytes[3] << 8) | Bytes[4]; }
    }

    /// <summary>The type of the handshake message that it begins with in epoch 0; -1 if it begins with something else.</summary>
    internal int FirstMessage
    {
        get { return Bytes.Length > 13 && FirstType == ContentType.Handshake && FirstEpoch == 0 ? Bytes[13] : -1; }
    }
}
