using System;
using System.Security.Cryptography;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Crypto;

/// <summary>Key pairs and key agreement of the native provider, against .NET's where that has the group.</summary>
[TestClass]
public class AgreementTests
{
    private static readonly int[] Groups = [NamedGroup.Secp256r1, NamedGroup.Secp384r1, NamedGroup.X25519];

    [TestMethod]
    public void Two_fresh_key_pairs_agree_in_every_group()
    {
        CryptoProvider provider = Providers.Tested();
        foreach (int group in Groups)
        {
            int secretLength = NamedGroup.SecretLength(group);
            int publicLength = NamedGroup.PublicKeyLength(group);
            for (int round = 0; round < 20; round++)
            {
                byte[] one = Generate(provider, group);
                byte[] two = Generate(provider, group);
                byte[] first = new byte[secretLength];
                byte[] second = new byte[secretLength];
                Work.Succeed(provider.Agree(group, one, 0, two, secretLength, publicLength, first, 0), "group " + group);
                Work.Succeed(provider.Agree(group, two, 0, one, secretLength, publicLength, second, 0), "group " + group);
                Check.Equal(first, second, "group " + group);
                Assert.IsFalse(Check.IsZero(first, 0, secretLength));
                Assert.IsFalse(one.AsSpan().SequenceEqual(two), "the same key twice");
            }
        }
    }

    [TestMethod]
    public void Agreement_gives_what_NETs_own_gives()
    {
        CryptoProvider provider = Providers.Tested();
        foreach (int group in new[] { NamedGroup.Secp256r1, NamedGroup.Secp384r1 })
        {
            int length = NamedGroup.SecretLength(group);
            for (int round = 0; round < 20; round++)
            {
                using ECDiffieHellman other = ECDiffieHellman.Create(group == NamedGroup.Secp256r1 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
                byte[] peer = Work.Point(other.ExportParameters(false));
                byte[] own = Generate(provider, group);
                byte[] secret = new byte[length];
                Work.Succeed(provider.Agree(group, own, 0, peer, 0, peer.Length, secret, 0), "group " + group);
                ECParameters parameters = new()
                {
                    Curve = group == NamedGroup.Secp256r1 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
                    Q = new ECPoint { X = own[(length + 1)..(2 * length + 1)], Y = own[(2 * length + 1)..] },
                };
                using ECDiffieHellman ours = ECDiffieHellman.Create(parameters);
                Check.Equal(other.DeriveRawSecretAgreement(ours.PublicKey), secret, "group " + group);
            }
        }
    }

    [TestMethod]
    public void A_point_that_is_not_on_the_curve_is_refused()
    {
        CryptoProvider provider = Providers.Tested();
        foreach (int group in new[] { NamedGroup.Secp256r1, NamedGroup.Secp384r1 })
        {
            int length = NamedGroup.SecretLength(group);
            byte[] pair = Generate(provider, group);
            byte[] peer = pair[length..];
            for (int i = 0; i < peer.Length; i += 7)
            {
                byte[] wrong = (byte[])peer.Clone();
                wrong[i] ^= 1;
                VerifyRefused(provider, group, pair, wrong);
            }

            VerifyRefused(provider, group, pair, peer[..^1]);
            VerifyRefused(provider, group, pair, [.. peer, 0]);
            VerifyRefused(provider, group, pair, [0]);
            VerifyRefused(provider, group, pair, []);
            VerifyRefused(provider, group, pair, new byte[peer.Length]);
            VerifyRefused(provider, group, pair, [(byte)(2 + (peer[^1] & 1)), .. peer[1..(length + 1)]]);
        }
    }

    [TestMethod]
    public void An_X25519_key_of_another_length_or_of_small_order_is_refused()
    {
        CryptoProvider provider = Providers.Tested();
        byte[] pair = Generate(provider, NamedGroup.X25519);
        VerifyRefused(provider, NamedGroup.X25519, pair, pair[32..63]);
        VerifyRefused(provider, NamedGroup.X25519, pair, [.. pair[32..], 0]);
        VerifyRefused(provider, NamedGroup.X25519, pair, new byte[32]);
        byte[] one = new byte[32];
        one[0] = 1;
        VerifyRefused(provider, NamedGroup.X25519, pair, one);
    }

    [TestMethod]
    public void A_private_key_that_is_none_fails_as_our_own_error()
    {
        CryptoProvider provider = Providers.Tested();
        byte[] pair = Generate(provider, NamedGroup.Secp256r1);
        Assert.AreEqual(DtlsError.InternalError, Work.Run(provider.Agree(NamedGroup.Secp256r1, new byte[32], 0, pair, 32, 65, new byte[32], 0)));
        byte[] tooLarge = new byte[32];
        Array.Fill(tooLarge, (byte)0xFF);
        Assert.AreEqual(DtlsError.InternalError, Work.Run(provider.Agree(NamedGroup.Secp256r1, tooLarge, 0, pair, 32, 65, new byte[32], 0)));
    }

    [TestMethod]
    public void A_group_that_is_not_there_is_refused_by_name()
    {
        CryptoProvider provider = Providers.Tested();
        Assert.IsFalse(provider.Supports(CryptoAlgorithm.Agree + 30));
        Check.Throws(typeof(NotSupportedException), delegate { provider.GenerateKey(30, new byte[64], 0, new byte[64], 0); }, "x448");
        Check.Throws(typeof(NotSupportedException), delegate { provider.Agree(30, new byte[64], 0, new byte[64], 0, 56, new byte[64], 0); }, "x448");
    }

    /// <summary>A private key, and behind it the public one.</summary>
    private static byte[] Generate(CryptoProvider provider, int group)
    {
        int secretLength = NamedGroup.SecretLength(group);
        byte[] pair = new byte[secretLength + NamedGroup.PublicKeyLength(group)];
        Work.Succeed(provider.GenerateKey(group, pair, 0, pair, secretLength), "group " + group);
        return pair;
    }

    private static void VerifyRefused(CryptoProvider provider, int group, byte[] own, byte[] peer)
    {
        byte[] secret = new byte[48];
        Assert.AreEqual(DtlsError.IllegalParameter, Work.Run(provider.Agree(group, own, 0, peer, 0, peer.Length, secret, 0)), "group " + group);
        Assert.IsTrue(Check.IsZero(secret, 0, 48), "something was written");
    }
}
