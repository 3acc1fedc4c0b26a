using System;

namespace NfDtls
{
    /// <summary>Master secret, key block and verify_data of TLS 1.2 (RFC 5246 sections 6.3, 7.4.9, 8.1; RFC 7627).</summary>
    internal sealed class Tls12KeySchedule : KeySchedule
    {
        internal const int MasterLength = 48;

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
            LogMaster(handshake);
        }

        /// <summary>Takes the master secret of a session that is resumed; zeroes the array.</summary>
        internal void TakeMaster(Handshake handshake, byte[] master)
        {
            Array.Copy(master, _master, MasterLength);
            Array.Clear(master, 0, MasterLength);
            LogMaster(handshake);
        }

        internal override int CopyMaster(byte[] destination, int offset)
        {
            Array.Copy(_master, 0, destination, offset, MasterLength);
            return MasterLength;
        }

        /// <summary>Bytes of a suite's key block, both directions.</summary>
        internal static int KeyBlockLength(CipherSuite suite)
        {
            return 2 * (suite.MacKeyLength + suite.KeyLength + suite.IvLength);
        }

        internal override void ProtectEpoch(Handshake handshake, Epoch epoch)
        {
            MakeKeyBlock(handshake);
            Protect(handshake.Crypto, handshake.Suite, handshake.Flags, handshake.IsServer, _keyBlock, epoch);
            Array.Clear(_keyBlock, 0, _keyBlock.Length);
        }

        internal override int CopyKeys(Handshake handshake, byte[] destination)
        {
            int length = MakeKeyBlock(handshake);
            Array.Copy(_keyBlock, 0, destination, 0, length);
            Array.Clear(_keyBlock, 0, _keyBlock.Length);
            return length;
        }

        /// <summary>Makes the protection of both directions of an epoch out of a key block.</summary>
        internal static void Protect(CryptoProvider crypto, CipherSuite suite, int flags, bool isServer, byte[] keyBlock, Epoch epoch)
        {
            // The epoch has the first before the second is made: where that fails, the first is wiped with it.
            int own = isServer ? 1 : 0;
            epoch.WriteProtection = ProtectOne(crypto, suite, flags, keyBlock, own);
            epoch.ReadProtection = ProtectOne(crypto, suite, flags, keyBlock, 1 - own);
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
        private static RecordProtection ProtectOne(CryptoProvider crypto, CipherSuite suite, int flags, byte[] keyBlock, int direction)
        {
            int mac = suite.MacKeyLength;
            int key = suite.KeyLength;
            int keyOffset = (2 * mac) + (direction * key);
            if (!suite.IsCbc)
            {
                AeadContext aead = crypto.CreateAead(suite.Cipher, keyBlock, keyOffset, suite.TagLength);
                return new AeadProtection(aead, keyBlock, (2 * mac) + (2 * key) + (direction * suite.IvLength), suite.IvLength);
            }

            byte[] keys = new byte[mac + key];
            Array.Copy(keyBlock, direction * mac, keys, 0, mac);
            Array.Copy(keyBlock, keyOffset, keys, mac, key);
            bool encryptThenMac = (flags & HandshakeFlags.EncryptThenMac) != 0;
            CbcContext cbc = crypto.CreateCbc(suite.Cipher, keys, 0, encryptThenMac);
            Array.Clear(keys, 0, keys.Length);
            return new CbcProtection(cbc, crypto);
        }

        private int MakeKeyBlock(Handshake handshake)
        {
            int seed = WriteLabel("key expansion");
            seed = WriteRandoms(seed, handshake.ServerRandom, handshake.ClientRandom);
            int length = KeyBlockLength(handshake.Suite);
            handshake.Crypto.Prf(handshake.Suite.Hash, _master, 0, MasterLength, _labelAndSeed, 0, seed, _keyBlock, 0, length);
            return length;
        }

        private void LogMaster(Handshake handshake)
        {
            if (handshake.Options.KeyLog != null)
            {
                handshake.Options.KeyLog.Write(handshake.ClientRandom, _master);
            }
        }

        private int WriteLabel(string label)
        {
            byte[] bytes = _labelAndSeed;
            int length = label.Length;
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)label[i];
            }

            return length;
        }

        private int WriteRandoms(int at, byte[] first, byte[] second)
        {
            Array.Copy(first, 0, _labelAndSeed, at, ClientHello.RandomLength);
            Array.Copy(second, 0, _labelAndSeed, at + ClientHello.RandomLength, ClientHello.RandomLength);
            return at + (2 * ClientHello.RandomLength);
        }
    }
}
