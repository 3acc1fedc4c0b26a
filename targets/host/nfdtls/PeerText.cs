using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NfDtls.Ecdhe;

namespace NfDtls.Tool;

/// <summary>Who a peer proved to be, for people.</summary>
internal static class PeerText
{
    /// <summary>The identity of its key, its certificate's subject, the hash of its raw public key, or null.</summary>
    public static string? Of(byte[]? identity, byte[][]? certificates)
    {
        if (identity != null)
        {
            return OfIdentity(identity);
        }

        if (certificates == null || certificates.Length == 0)
        {
            return null;
        }

        byte[] own = certificates[0];
        if (SubjectPublicKeyInfo.TryRead(own, 0, own.Length, new PublicKey()))
        {
            return $"raw public key, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(own))}";
        }

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(own);
        return Screen.Printable(System.Text.Encoding.UTF8.GetBytes(certificate.Subject.Length == 0 ? "a certificate without a subject" : certificate.Subject));
    }

    /// <summary>The text where an identity is one, else its bytes as --identity-hex takes them.</summary>
    private static string OfIdentity(byte[] identity)
    {
        bool isText = System.Text.Unicode.Utf8.IsValid(identity) && !System.Text.Encoding.UTF8.GetString(identity).Any(char.IsControl);
        return isText ? Screen.Printable(identity) : "0x" + Convert.ToHexStringLower(identity);
    }
}
