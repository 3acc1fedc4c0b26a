namespace NfDtls.Server
{
    /// <summary>
    /// Which bits of a peer's address are its host: those behind <see cref="EndpointOptions.HostOffset"/>; of an IPv6 address the
    /// prefix alone, since a host may take any address behind that. An IPv4 address inside of an IPv6 one, and a link-local
    /// address, whose prefix all its neighbours have, count whole.
    /// </summary>
    internal sealed class HostRule
    {
        private const int Ipv6Length = 16;

        private readonly int _offset;
        private readonly int _prefix;

        internal HostRule(int offset, int prefixBits)
        {
            _offset = offset;
            _prefix = prefixBits;
        }

        internal uint Hash(uint seed, byte[] address, int length)
        {
            int bits = Bits(address, length);
            int from = From(length);
            uint hash = AddressMap.Hash(seed, address, from, bits / 8);
            return bits % 8 == 0 ? hash : AddressMap.Step(hash, (byte)(address[from + (bits / 8)] & Mask(bits)));
        }

        internal bool AreSame(byte[] a, int aLength, byte[] b, int bLength)
        {
            int bits = Bits(a, aLength);
            if (aLength != bLength || bits != Bits(b, bLength))
            {
                return false;
            }

            int from = From(aLength);
            int end = from + (bits / 8);
            for (int i = from; i < end; i++)
            {
                if (a[i] != b[i])
                {
                    return false;
                }
            }

            return bits % 8 == 0 || ((a[end] ^ b[end]) & Mask(bits)) == 0;
        }

        /// <summary>An address that ends before the host begins is a host as it is.</summary>
        private int From(int length)
        {
            return length > _offset ? _offset : 0;
        }

        private int Bits(byte[] address, int length)
        {
            int from = From(length);
            bool isPrefix = _prefix > 0 && length - from >= Ipv6Length && !IsIpv4(address, from) && !IsLinkLocal(address, from);
            return isPrefix ? _prefix : 8 * (length - from);
        }

        /// <summary>The bits that count of the last byte, where only a part of it does.</summary>
        private static int Mask(int bits)
        {
            return 0xFF00 >> (bits % 8);
        }

        /// <summary>::ffff:0:0/96 (RFC 4291 section 2.5.5.2).</summary>
        private static bool IsIpv4(byte[] address, int from)
        {
            for (int i = 0; i < 10; i++)
            {
                if (address[from + i] != 0)
                {
                    return false;
                }
            }

            return address[from + 10] == 0xFF && address[from + 11] == 0xFF;
        }

        /// <summary>fe80::/10 (RFC 4291 section 2.5.6).</summary>
        private static bool IsLinkLocal(byte[] address, int from)
        {
            return address[from] == 0xFE && (address[from + 1] & 0xC0) == 0x80;
        }
    }
}
