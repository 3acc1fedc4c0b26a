using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// record_size_limit (RFC 8449): each end tells the other how much content its records may have at most, for memory that holds no
    /// more. Stands in <see cref="DtlsOptions.Features"/> of a client or a server.
    /// </summary>
    public sealed class RecordSizeLimit : SizeFeature
    {
        /// <summary>Tells this end's limit to whoever knows the extension.</summary>
        /// <param name="limit">Bytes of content of a record that this end takes: 64 to 16,384. In DTLS 1.3 the content's type, one byte, and padding are part of them.</param>
        /// <exception cref="ArgumentException">It is less or more.</exception>
        public RecordSizeLimit(int limit)
            : base(new RecordSizeExtension(Checked(limit)))
        {
        }

        private static int Checked(int limit)
        {
            if (limit < RecordSizeExtension.Least || limit > Epoch.MaxContent)
            {
                throw new ArgumentException("A record size limit is " + RecordSizeExtension.Least.ToString() + " to " + Epoch.MaxContent.ToString() + " bytes, not " + limit.ToString() + ".", "limit");
            }

            return limit;
        }
    }
}
