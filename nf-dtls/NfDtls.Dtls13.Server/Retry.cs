using System;
using NfDtls.Server;

namespace NfDtls.Dtls13.Server
{
    /// <summary>
    /// The HelloRetryRequest with which a server asks for an address to be proven, and perhaps for a key of another group; and its
    /// cookie, which brings back what the server then must know: suite, group and the digest of the first ClientHello, all of it
    /// authenticated with the address (RFC 9147 section 5.1). So nothing is kept in between, and the message can be made again.
    /// </summary>
    internal static class Retry
    {
        /// <summary>Suite and group; the digest follows.</summary>
        internal const int HeadLength = 4;

        /// <summary>Bytes of the longest digest: it is of the suite's hash, as the transcript begins with it.</summary>
        internal const int LongestDigest = 48;

        private const int KeyShare = 51;

        /// <summary>Bytes of a cookie with a digest: what authenticates it, and what it says.</summary>
        internal static int LengthFor(int digestLength)
        {
            return CookieSecret.Length + HeadLength + digestLength;
        }

        /// <summary>Writes suite and group before the digest.</summary>
        internal static void WriteHead(byte[] said, int suite, int group)
        {
            said[0] = (byte)(suite >> 8);
            said[1] = (byte)suite;
            said[2] = (byte)(group >> 8);
            said[3] = (byte)group;
        }

        /// <summary>The suite that a cookie says.</summary>
        internal static int SuiteOf(byte[] cookie, int offset)
        {
            return (cookie[offset + CookieSecret.Length] << 8) | cookie[offset + CookieSecret.Length + 1];
        }

        /// <summary>The group that a key was asked for of, or 0.</summary>
        internal static int GroupOf(byte[] cookie, int offset)
        {
            return (cookie[offset + CookieSecret.Length + 2] << 8) | cookie[offset + CookieSecret.Length + 3];
        }

        /// <summary>Writes the body for a cookie.</summary>
        internal static void Write(WireWriter writer, byte[] cookie, int offset, int length)
        {
            writer.WriteUInt16(DtlsVersion.Dtls12);
            writer.WriteBytes(HelloRetry.Random, 0, HelloRetry.Random.Length);
            writer.WriteUInt8(0);
            writer.WriteUInt16(SuiteOf(cookie, offset));
            writer.WriteUInt8(0);
            int block = writer.BeginVector(2);
            writer.WriteUInt16(SupportedVersions.Number);
            writer.WriteUInt16(2);
            writer.WriteUInt16(Version13.WireNumber);
            if (GroupOf(cookie, offset) != 0)
            {
                writer.WriteUInt16(KeyShare);
                writer.WriteUInt16(2);
                writer.WriteUInt16(GroupOf(cookie, offset));
            }

            writer.WriteUInt16(Cookie13.Number);
            writer.WriteUInt16(2 + length);
            writer.WriteUInt16(length);
            writer.WriteBytes(cookie, offset, length);
            writer.EndVector(block, 2);
        }
    }
}
