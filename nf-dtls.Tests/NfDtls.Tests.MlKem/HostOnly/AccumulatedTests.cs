using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.MlKem;

/// <summary>
/// Keys, messages and wrong ciphertexts of a SHAKE-128 of nothing; what comes of them in a second one, whose output after a hundred rounds is
/// the number that Go's crypto/mlkem has in its tests (TestAccumulated), as have others.
/// </summary>
[TestClass]
public class AccumulatedTests
{
    [TestMethod]
    public void A_hundred_rounds_end_in_the_number_that_others_have()
    {
        KemTables tables = new();
        Keccak source = new(tables);
        Keccak sink = new(tables);
        byte[] seed = new byte[Kem.SeedLength];
        byte[] message = new byte[32];
        byte[] cipher = new byte[Kem.CipherLength];
        source.Begin(Keccak.Shake128);
        source.Turn(Keccak.ShakeEnd);
        sink.Begin(Keccak.Shake128);
        for (int round = 0; round < 100; round++)
        {
            source.Squeeze(seed, 0, seed.Length);
            byte[] key = Kem.Key(seed);
            sink.Absorb(key, 0, key.Length);

            source.Squeeze(message, 0, message.Length);
            byte[] answer = Kem.Encapsulate(Kem.Over(message), key);
            sink.Absorb(answer, Kem.SecretLength, Kem.CipherLength);
            sink.Absorb(answer, 0, Kem.SecretLength);
            CryptoProvider none = Kem.Over([]);
            Kem.Same(answer[..Kem.SecretLength], Kem.Decapsulate(none, seed, answer[Kem.SecretLength..]));

            source.Squeeze(cipher, 0, cipher.Length);
            sink.Absorb(Kem.Decapsulate(none, seed, cipher), 0, Kem.SecretLength);
        }

        byte[] result = new byte[32];
        sink.Turn(Keccak.ShakeEnd);
        sink.Squeeze(result, 0, result.Length);
        Kem.Same(Kem.Bytes("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415"), result);
    }
}
