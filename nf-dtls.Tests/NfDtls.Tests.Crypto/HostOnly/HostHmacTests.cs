using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;

namespace NfDtls.Tests.Crypto;

/// <summary>The hashes that a thread keeps.</summary>
[TestClass]
public sealed class HostHmacTests
{
    [TestMethod]
    public void A_mac_that_has_no_room_changes_nothing_of_the_next_one()
    {
        HostProvider provider = new();
        byte[] key = [1, 2, 3];
        byte[] data = [4, 5, 6, 7];
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => provider.Hmac(CryptoAlgorithm.Sha256, key, 0, key.Length, data, 0, data.Length, new byte[31], 0));
        byte[] mac = new byte[32];
        provider.Hmac(CryptoAlgorithm.Sha256, key, 0, key.Length, data, 0, data.Length, mac, 0);
        CollectionAssert.AreEqual(HMACSHA256.HashData(key, data), mac);
    }
}
