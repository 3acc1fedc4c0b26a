namespace NfDtls.Server
{
    /// <summary>
    /// Who keeps records that nobody has read, in the order that they began to. So that sessions which nobody reads cannot leave
    /// the others without any packet, whatever their number, the one that has kept some longest gives up its oldest.
    /// </summary>
    internal sealed class UnreadRecords
    {
        private Inbox _first;
        private Inbox _last;

        /// <summary>An inbox has a record.</summary>
        internal void Add(Inbox inbox)
        {
            if (inbox.IsListed)
            {
                return;
            }

            inbox.IsListed = true;
            if (_first == null)
            {
                _first = inbox;
            }
            else
            {
                _last.Next = inbox;
            }

            _last = inbox;
        }

        /// <summary>Frees the packet of a record that has waited long, if there is one, and lets its inbox be the last to be asked again.</summary>
        internal bool GiveUpOne(Endpoint engine)
        {
            Inbox inbox = Take();
            while (inbox != null && inbox.Count == 0)
            {
                inbox = Take();
            }

            if (inbox == null)
            {
                return false;
            }

            inbox.Take().Return();
            inbox.Hidden = inbox.Hidden > inbox.Count ? inbox.Count : inbox.Hidden;
            engine.Drop(DropReason.NoBuffer, ContentType.ApplicationData);
            if (inbox.Count > 0)
            {
                Add(inbox);
            }

            return true;
        }

        private Inbox Take()
        {
            Inbox inbox = _first;
            if (inbox != null)
            {
                _first = inbox.Next;
                inbox.Next = null;
                inbox.IsListed = false;
            }

            return inbox;
        }
    }
}
