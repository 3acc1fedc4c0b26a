using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Security.Cryptography;

namespace NfDtls.Nano.Reference;

/// <summary>Public signing: the identity carries the public key, the image is not signed.</summary>
internal static class StrongName
{
    private const int TokenLength = 8;

    public static BlobHandle KeyBlob(MetadataBuilder metadata, string publicKey)
        => publicKey.Length == 0 ? default : metadata.GetOrAddBlob(Convert.FromHexString(publicKey));

    /// <summary>The token is the end of the key's SHA-1, backwards.</summary>
    public static BlobHandle TokenBlob(MetadataBuilder metadata, string publicKey)
    {
        if (publicKey.Length == 0)
        {
            return default;
        }

        byte[] token = SHA1.HashData(Convert.FromHexString(publicKey))[^TokenLength..];
        Array.Reverse(token);
        return metadata.GetOrAddBlob(token);
    }
}
