using System;
using System.IO;
using System.Security.Cryptography;
using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Tool;

/// <summary>Reads the files that options name; what is wrong with one is a reason that names the option.</summary>
internal static class CredentialFiles
{
    private const byte DerSequence = 0x30;

    /// <summary>The certificates of a PEM file, or the one of a DER file.</summary>
    public static DtlsCertificate[] Certificates(string option, string file)
    {
        byte[] bytes = Bytes(option, file);
        return Read(option, file, () => IsDer(bytes) ? [new DtlsCertificate(bytes)] : DtlsCertificate.ReadAll(System.Text.Encoding.Latin1.GetString(bytes)));
    }

    public static StoredPrivateKey PrivateKey(string option, string file)
    {
        byte[] bytes = Bytes(option, file);
        return Read(option, file, () => PrivateKeyReader.Read(bytes));
    }

    /// <summary>A SubjectPublicKeyInfo, of a PEM file with PUBLIC KEY or a DER file.</summary>
    public static byte[] PublicKey(string option, string file)
    {
        byte[] bytes = Bytes(option, file);
        if (!IsDer(bytes))
        {
            string text = System.Text.Encoding.Latin1.GetString(bytes);
            if (!PemEncoding.TryFind(text, out PemFields found) || text[found.Label] != "PUBLIC KEY")
            {
                throw ToolException.Usage($"{option} {file}: this is no PEM file that begins with PUBLIC KEY; openssl pkey -in key.pem -pubout -out public.pem makes one.");
            }

            bytes = Convert.FromBase64String(text[found.Base64Data]);
        }

        // Says now what is wrong with it.
        Read(option, file, () =>
        {
            new RawKeyStore().AddTrusted(bytes);
            return bytes;
        });
        return bytes;
    }

    /// <summary>What <paramref name="read"/> makes of a file; its objections name the option.</summary>
    public static T Read<T>(string option, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage($"{option} {file}: {e.Message.Split(" (Parameter")[0]}");
        }
    }

    private static bool IsDer(byte[] bytes)
    {
        return bytes.Length > 0 && bytes[0] == DerSequence;
    }

    private static byte[] Bytes(string option, string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw ToolException.Usage($"{option} {file} cannot be read: {e.Message}");
        }
    }
}
