using System;
using System.Security.Cryptography;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>There is room for the longest nonce of a ticket that is kept.</summary>
[TestClass]
public class LongestNonceTests
{
    [TestMethod]
    [DataRow(CryptoAlgorithm.Sha256)]
    [DataRow(CryptoAlgorithm.Sha384)]
    public void The_key_of_the_longest_nonce_is_that_of_RFC_8446_and_no_block_is_written_over_what_it_is_made_of(int hash)
    {
        int size = CryptoAlgorithm.HashSize(hash);
        byte[] secret = Pattern(size, 3);
        byte[] nonce = Pattern(SessionTickets.LongestNonce, 100);
        byte[] info = [0, (byte)size, 16, .. Encoding.ASCII.GetBytes("dtls13resumption"), (byte)nonce.Length, .. nonce];
        byte[] expected = HKDF.Expand(hash == CryptoAlgorithm.Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384, secret, size, info);
        foreach (CryptoProvider crypto in Providers.All())
        {
            SecretTree tree = new(new StrictProvider(crypto), SecretTree.Prefix);
            byte[] key = new byte[size];
            tree.Resume(hash);
            tree.Expand(secret, 0, "resumption", nonce, 0, nonce.Length, key, 0, size);
            CollectionAssert.AreEqual(expected, key);
        }
    }

    private static byte[] Pattern(int count, int first)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(first + i);
        }

        return bytes;
    }

    /// <summary>Takes no HMAC that is written where its data stand.</summary>
    private sealed class StrictProvider(CryptoProvider crypto) : CryptoProvider
    {
        public override bool Supports(int algorithm)
        {
            return crypto.Supports(algorithm);
        }

        public override HashContext CreateHash(int algorithm)
        {
            return crypto.CreateHash(algorithm);
        }

        public override void Hmac(int hash, byte[] key, int keyOffset, int keyCount, byte[] data, int offset, int count, byte[] destination, int destinationOffset)
        {
            bool isApart = data != destination || destinationOffset >= offset + count || destinationOffset + CryptoAlgorithm.HashSize(hash) <= offset;
            Assert.IsTrue(isApart, $"{count} bytes from {offset} on are hashed to {destinationOffset} of the same array.");
            crypto.Hmac(hash, key, keyOffset, keyCount, data, offset, count, destination, destinationOffset);
        }
    }
}
