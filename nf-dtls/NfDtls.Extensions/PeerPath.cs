namespace NfDtls.Extensions
{
    /// <summary>Where datagrams come from, as the features that follow a peer ask for it.</summary>
    internal static class PeerPath
    {
        /// <summary>Whether the datagram at hand came from another address than that of an association's peer.</summary>
        internal static bool IsElsewhere(AssociationHost endpoint, Association association)
        {
            int length = endpoint.PeerAddressLength;
            return length != AssociationHost.NotKnown
                && (length != association.AddressLength || !ConstantTime.AreEqual(endpoint.PeerAddress, 0, association.Address, 0, length));
        }
    }
}
