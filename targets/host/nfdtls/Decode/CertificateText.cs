using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NfDtls.Ecdhe;

namespace NfDtls.Tool;

/// <summary>What a certificate or a raw public key says.</summary>
internal static class CertificateText
{
    public static Node Of(byte[] bytes)
    {
        Node node = new Node("certificate", $"certificate, {bytes.Length} bytes");
        if (SubjectPublicKeyInfo.TryRead(bytes, 0, bytes.Length, new PublicKey()))
        {
            node.Title = $"raw public key, {bytes.Length} bytes";
            return node.With("sha256", SHA256.HashData(bytes));
        }

        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(bytes);
            node.With("subject", certificate.Subject).With("issuer", certificate.Issuer).With("valid from", Time(certificate.NotBefore)).With("valid to", Time(certificate.NotAfter))
                .With("key", KeyOf(certificate)).With("signed with", certificate.SignatureAlgorithm.FriendlyName ?? certificate.SignatureAlgorithm.Value ?? "");
            if (NamesOf(certificate) is { Count: > 0 } names)
            {
                node.With("names", names);
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            node.With("malformed", e.Message);
        }

        return node.With("sha256", SHA256.HashData(bytes)).With("_der", bytes);
    }

    /// <summary>Whether the message of DTLS 1.2 is a raw public key: nothing stands behind it, and it is a key and no list.</summary>
    public static bool IsRawKey(ByteReader behind, ByteReader list)
    {
        byte[] all = list.Rest().ToArray();
        return behind.Left == 0 && SubjectPublicKeyInfo.TryRead(all, 0, all.Length, new PublicKey());
    }

    /// <summary>A list of distinguished names.</summary>
    public static List<string> Names(ByteReader list)
    {
        List<string> names = [];
        while (list.Left > 0)
        {
            byte[] name = list.Vector(2).ToArray();
            try
            {
                names.Add(new X500DistinguishedName(name).Name);
            }
            catch (CryptographicException)
            {
                names.Add("0x" + Convert.ToHexStringLower(name));
            }
        }

        return names;
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        using ECDsa? curve = certificate.GetECDsaPublicKey();
        if (curve != null)
        {
            return $"EC of {curve.KeySize} bits";
        }

        using RSA? rsa = certificate.GetRSAPublicKey();
        return rsa != null ? $"RSA of {rsa.KeySize} bits" : certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "unknown";
    }

    private static List<string> NamesOf(X509Certificate2 certificate)
    {
        List<string> names = [];
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension alternative)
            {
                names.AddRange(alternative.EnumerateDnsNames());
                foreach (System.Net.IPAddress address in alternative.EnumerateIPAddresses())
                {
                    names.Add(address.ToString());
                }
            }
        }

        return names;
    }

    private static string Time(DateTime time)
    {
        return time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
