using System;

namespace NfDtls
{
    /// <summary>Master secret, key block and verify_data of TLS 1.2 (RFC 5246 sections 6.3, 7.4.9, 8.1; RFC 7627).</summary>
    internal sealed class Tls12KeySchedule : KeySchedule
    {
        private const int MasterLength = 48;

        private readonly byte[] _master = new byte[MasterLength];

        // Two directions of at most a MAC key of 32 bytes, a cipher key of 32 and an IV of 12.
        private readonly byte[] _keyBlock = new byte[2 * (32 + 32 + 12)];

        // The longest label is "extended master secret"; the longest seed two randoms.
        private readonly byte[] _labelAndSeed = new byte[22 + 64];

        internal override void DeriveMaster(Handshake handshake, byte[] premaster, int length)
        {
            int seed;
            if ((handshake.Flags & HandshakeFlags.ExtendedMasterSecret) != 0)
            {
                seed = WriteLabel("extended master secret");
                seed += handshake.Role.Transcript.Peek(_labelAndSeed, seed);
            }
            else
            {
                seed = WriteLabel("master secret");
                seed = WriteRandoms(seed, handshake.ClientRandom, handshake.ServerRandom);
            }

            handshake.Crypto.Prf(handshake.Suite.Hash, premaster, 0, length, _labelAndSeed, 0, seed, _master, 0, MasterLength);
            if (handshake.Options.KeyLog != null)
            {
                handshake.Options.KeyLog.Write(handshake.ClientRandom, _master);
            }
        }

        internal override int CopyMaster(byte[] destination, int offset)
        {
            Array.Copy(_master, 0, destination, offset, MasterLength);
            return MasterLength;
        }

        internal override void ProtectEpoch(Handshake handshake, Epoch epoch)
        {
            CipherSuite suite = handshake.Suite;
            int seed = WriteLabel("key expansion");
            seed = WriteRandoms(seed, handshake.ServerRandom, handshake.ClientRandom);
            int length = 2 * (suite.MacKeyLength + suite.KeyLength + suite.IvLength);
            handshake.Crypto.Prf(suite.Hash, _master, 0, MasterLength, _labelAndSeed, 0, seed, _keyBlock, 0, length);

            // The epoch has the first before the second is made: where that fails, the first is wiped with it.
            int own = handshake.IsServer ? 1 : 0;
            epoch.WriteProtection = Protect(handshake, own);
            epoch.ReadProtection = Protect(handshake, 1 - own);
            Array.Clear(_keyBlock, 0, _keyBlock.Length);
        }

        internal override void WriteVerifyData(Handshake handshake, bool ofServer, byte[] destination)
        {
            int seed = WriteLabel(ofServer ? "server finished" : "client finished");
            seed += handshake.Role.Transcript.Peek(_labelAndSeed, seed);
            handshake.Crypto.Prf(handshake.Suite.Hash, _master, 0, MasterLength, _labelAndSeed, 0, seed, destination, 0, Finished.VerifyDataLength);
        }

        internal override void Clear()
        {
            Array.Clear(_master, 0, MasterLength);
            Array.Clear(_labelAndSeed, 0, _labelAndSeed.Length);
            Array.Clear(_keyBlock, 0, _keyBlock.Length);
        }

        /// <summary>One direction out of the key block: MAC keys, cipher keys, IVs, the client's first each time.</summary>
        private RecordProtection Protect(Handshake handshake, int direction)
        {
            CipherSuite suite = handshake.Suite;
            int mac = suite.MacKeyLength;
            int key = suite.KeyLength;
            int keyOffset = (2 * mac) + (direction * key);
            if (!suite.IsCbc)
            {
                AeadContext aead = handshake.Crypto.CreateAead(suite.Cipher, _keyBlock, keyOffset, suite.TagLength);
                return new AeadProtection(aead, _keyBlock, (2 * mac) + (2 * key) + (direction * suite.IvLength), suite.IvLength);
            }

            byte[] keys = new byte[mac + key];
            Array.Copy(_keyBlock, direction * mac, keys, 0, mac);
            Array.Copy(_keyBlock, keyOffset, keys, mac, key);
            bool encryptThenMac = (handshake.Flags & HandshakeFlags.EncryptThenMac) != 0;
            CbcContext cbc = handshake.Crypto.CreateCbc(suite.Cipher, keys, 0, encryptThenMac);
            Array.Clear(keys, 0, keys.Length);
            return new CbcProtection(cbc, handshake.Crypto);
        }

        private int WriteLabel(string label)
        {
            for (int i = 0; i < label.Length; i++)
            {
                _labelAndSeed[i] = (byte)label[i];
            }

            return label.Length;
        }

        private int WriteRandoms(int at, byte[] first, byte[] second)
        {
            Array.Copy(first, 0, _labelAndSeed, at, ClientHello.RandomLength);
            Array.Copy(second, 0, _labelAndSeed, at + ClientHello.RandomLength, ClientHello.RandomLength);
            return at + (2 * ClientHello.RandomLength);
        }
    }
}
