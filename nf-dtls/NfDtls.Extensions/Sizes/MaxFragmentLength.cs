using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// max_fragment_length (RFC 6066 section 4): a client asks that no record of either direction has more content than this, and a
    /// server agrees to whatever is asked. <see cref="RecordSizeLimit"/> is the better one, where both ends have it. Stands in
    /// <see cref="DtlsOptions.Features"/>.
    /// </summary>
    public sealed class MaxFragmentLength : SizeFeature
    {
        /// <summary>For a server: a client chooses.</summary>
        public MaxFragmentLength()
            : base(new MaxFragmentExtension(0))
        {
        }

        /// <summary>For a client, which asks; a server takes what its client asks for even so.</summary>
        /// <param name="length">Bytes of content of a record: 512, 1,024, 2,048 or 4,096.</param>
        /// <exception cref="ArgumentException">It is another number.</exception>
        public MaxFragmentLength(int length)
            : base(new MaxFragmentExtension(CodeOf(length)))
        {
        }

        private static int CodeOf(int length)
        {
            for (int code = 1; code <= MaxFragmentExtension.MaxCode; code++)
            {
                if (MaxFragmentExtension.LengthOf(code) == length)
                {
                    return code;
                }
            }

            throw new ArgumentException("A maximum fragment length is 512, 1024, 2048 or 4096 bytes, not " + length.ToString() + ".", "length");
        }
    }
}
