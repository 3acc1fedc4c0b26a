using System;

namespace NfDtls.Server
{
    /// <summary>Records of an address with two associations, the older of which lives until the newer is connected.</summary>
    public sealed partial class DtlsServerEngine
    {
        /// <summary>
        /// A protected record from an address with two associations: the newer one's, else the older one's; forged only if it is
        /// neither's.
        /// </summary>
        private void HandleForBoth(Association newer, Association older, byte[] buffer, long now)
        {
            int length = Header.End - Header.Offset;
            Packet copy = HeldShare.Rent();
            if (copy == null || length > copy.Buffer.Length)
            {
                if (copy != null)
                {
                    copy.Return();
                }

                Drop(DropReason.NoBuffer, Header.Type);
                return;
            }

            int offset = Header.Offset;
            Array.Copy(buffer, offset, copy.Buffer, 0, length);
            int first = newer.TryRecord(buffer, now);
            if (first != Association.Handled)
            {
                Restore(copy, buffer, offset, length);
                if (older.TryRecord(buffer, now) != Association.Handled)
                {
                    Restore(copy, buffer, offset, length);
                    FinishForBoth(newer, first, buffer, now);
                }
            }

            copy.Return();
        }

        /// <summary>Opening in place spoils a record: puts back what it was.</summary>
        private void Restore(Packet copy, byte[] buffer, int offset, int length)
        {
            Array.Copy(copy.Buffer, 0, buffer, offset, length);
            Codec.Read(buffer, offset, length, Header);
        }

        private void FinishForBoth(Association newer, int result, byte[] buffer, long now)
        {
            if (result == Association.Forged)
            {
                newer.CountForged();
            }
            else if (result == Association.NotReadable)
            {
                newer.HoldOrDrop(buffer, now);
            }
            else
            {
                Drop(DropReason.Replay, Header.Type);
            }
        }
    }
}
