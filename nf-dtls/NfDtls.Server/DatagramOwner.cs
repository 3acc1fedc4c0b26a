namespace NfDtls.Server
{
    /// <summary>
    /// Whose a datagram is, record by record. DTLS 1.3 allows it one association: where a later record's connection ID is not of
    /// that of the records before, the rest is discarded (RFC 9147 section 4). RFC 9146 leaves it open for 1.2, whose records may
    /// share a datagram among themselves, but not with those of 1.3.
    /// </summary>
    internal sealed class DatagramOwner
    {
        private Association _owner;
        private bool _isForOne;

        /// <summary>A datagram begins.</summary>
        internal void Begin()
        {
            _owner = null;
            _isForOne = false;
        }

        /// <summary>Whether a record must not stand behind those that came before it in the datagram.</summary>
        /// <param name="form">The form that it has.</param>
        /// <param name="isNamed">Whether it has a connection ID.</param>
        /// <param name="association">Whose that is, or null.</param>
        internal bool IsOther(RecordCodec form, bool isNamed, Association association)
        {
            _isForOne |= !form.SharesDatagrams;
            return _isForOne && isNamed && _owner != null && _owner != association;
        }

        /// <summary>A record was somebody's, or nobody's.</summary>
        internal void Note(Association association)
        {
            _owner = association == null ? _owner : association;
        }
    }
}
