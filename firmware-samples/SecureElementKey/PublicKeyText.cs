using System;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>A public key of P-256 in PEM, as openssl takes it: SubjectPublicKeyInfo (RFC 5480 section 2), which is the same for all but for the point.</summary>
    internal static class PublicKeyText
    {
        private static readonly byte[] s_head =
        {
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
            0x03, 0x42, 0x00
        };

        internal static string Of(PublicKey key)
        {
            byte[] info = new byte[s_head.Length + key.Count];
            Array.Copy(s_head, 0, info, 0, s_head.Length);
            Array.Copy(key.Buffer, key.Offset, info, s_head.Length, key.Count);
            string text = Convert.ToBase64String(info);

            // Two lines: 64 characters are the most of one.
            return "-----BEGIN PUBLIC KEY-----\n" + text.Substring(0, 64) + "\n" + text.Substring(64) + "\n-----END PUBLIC KEY-----";
        }
    }
}
