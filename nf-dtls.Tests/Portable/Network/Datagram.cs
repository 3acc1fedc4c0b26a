namespace NfDtls.Tests
{
    /// <summary>A datagram on its way.</summary>
    internal sealed class Datagram
    {
        internal bool ToServer;

        /// <summary>The client's address, whichever way it goes.</summary>
        internal byte[] Address;

        internal byte[] Bytes;

        /// <summary>How many datagrams were sent before it, in both directions.</summary>
        internal int Number;

        internal long Due;

        internal Datagram Copy()
        {
            Datagram copy = new Datagram();
            copy.ToServer = ToServer;
            copy.Address = Address;
            copy.Bytes = Check.Part(Bytes, 0, Bytes.Length);
            copy.Number = Number;
            copy.Due = Due;
            return copy;
        }
    }
}
