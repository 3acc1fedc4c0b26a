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

        /// <summary>Bytes of the digest: of SHA-256, as external keys are.</summary>
        internal const int DigestLength = 32;

        /// <summary>Bytes of the cookie: what authenticates it, and what it says.</summary>
        internal const int CookieLength = CookieSecret.Length + HeadLength + DigestLength;

        private const int KeyShare = 51;

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
        internal static void Write(WireWriter writer, byte[] cookie, int offset)
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
            writer.WriteUInt16(2 + CookieLength);
            writer.WriteUInt16(CookieLength);
            writer.WriteBytes(cookie, offset, CookieLength);
            writer.EndVector(block, 2);
        }
    }
}
