using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.MlKem;

/// <summary>SHA-3 and SHAKE under it, taken in and given out in pieces that meet no block.</summary>
[TestClass]
public class HashTests
{
    private static readonly KemTables _tables = new KemTables();

    [TestMethod]
    public void Hashes_are_those_of_others()
    {
        byte[] bytes = Pattern();
        Verify("a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a", Keccak.Sha3256, Keccak.HashEnd, bytes, 0, 32);
        Verify("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532", Keccak.Sha3256, Keccak.HashEnd, new byte[] { 0x61, 0x62, 0x63 }, 3, 32);
        Verify("64361e87594fbc8d30657eb6c6a047f12dbcfc84fa71e8ed54b5d77a8651af86", Keccak.Sha3256, Keccak.HashEnd, bytes, 135, 32);
        Verify("54bd2da66fe9991fd5edd9efdba70377e6f170adfad1b29afe7ad721188f419d", Keccak.Sha3256, Keccak.HashEnd, bytes, 136, 32);
        Verify(
            "f026fce33e9dd106e18b8b8bf38a1ec46429cb29840a0688333326d23f34b6b94f4aa7b697133107c7dc25d4c7621cadaa4b0616f2a639d805217589870079cb",
            Keccak.Sha3512,
            Keccak.HashEnd,
            bytes,
            500,
            64);
    }

    [TestMethod]
    public void Long_outputs_are_those_of_others()
    {
        byte[] bytes = Pattern();
        Verify("74c92bee6e90440ce2a7250db72b483bff3a35959145fd5f621a0222cf8ae487", Keccak.Shake128, Keccak.ShakeEnd, bytes, 500, 400);
        Verify("32233f47b8dec9b4a78f37ec1eca65be85759e00e28aa26068ff8b1c0437a5dc", Keccak.Shake256, Keccak.ShakeEnd, bytes, 1, 400);
    }

    internal static byte[] Digest(int rate, int end, byte[] bytes, int count, int wanted)
    {
        Keccak sponge = new Keccak(_tables);
        byte[] all = new byte[wanted];
        sponge.Begin(rate);
        for (int i = 0; i < count; i += 7)
        {
            sponge.Absorb(bytes, i, count - i < 7 ? count - i : 7);
        }

        sponge.Turn(end);
        for (int i = 0; i < wanted; i += 11)
        {
            sponge.Squeeze(all, i, wanted - i < 11 ? wanted - i : 11);
        }

        return all;
    }

    /// <summary>The last bytes of what comes out are those.</summary>
    private static void Verify(string expected, int rate, int end, byte[] bytes, int count, int wanted)
    {
        byte[] all = Digest(rate, end, bytes, count, wanted);
        Kem.Same(Kem.Bytes(expected), Kem.Part(all, wanted - (expected.Length / 2), expected.Length / 2));
    }

    private static byte[] Pattern()
    {
        byte[] bytes = new byte[500];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((i * 31) + 17 + (i >> 3));
        }

        return bytes;
    }
}
