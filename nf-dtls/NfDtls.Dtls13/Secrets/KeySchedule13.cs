using System;

namespace NfDtls.Dtls13
{
    /// <summary>The secrets of one handshake, and what of the association's comes out of them.</summary>
    internal sealed class KeySchedule13 : KeySchedule
    {
        private const int Sha256Size = 32;
        private const int Sha384Size = 48;

        /// <summary>Traffic secrets of the handshake.</summary>
        internal readonly byte[] ClientSecret = new byte[Hkdf.MaxHash];
        internal readonly byte[] ServerSecret = new byte[Hkdf.MaxHash];

        /// <summary>Those of data, from the server's Finished on.</summary>
        internal readonly byte[] ClientData = new byte[Hkdf.MaxHash];
        internal readonly byte[] ServerData = new byte[Hkdf.MaxHash];

        /// <summary>What a later connection's key is made of, from the client's Finished on.</summary>
        internal readonly byte[] Resumption = new byte[Hkdf.MaxHash];

        private readonly byte[] _digest = new byte[Hkdf.MaxHash];
        private readonly byte[] _empty256 = new byte[Sha256Size];
        private readonly byte[] _empty384 = new byte[Sha384Size];

        // Of the messages up to the server's Finished, which keys are exported by.
        private readonly byte[] _dataDigest = new byte[Hkdf.MaxHash];
        private SecretTree _tree;

        /// <summary>Takes the digests of no bytes from a transcript that has none.</summary>
        internal void Prepare(Transcript transcript)
        {
            if (transcript.Keeps(CryptoAlgorithm.Sha256))
            {
                transcript.Peek(CryptoAlgorithm.Sha256, _empty256, 0);
            }

            if (transcript.Keeps(CryptoAlgorithm.Sha384))
            {
                transcript.Peek(CryptoAlgorithm.Sha384, _empty384, 0);
            }
        }

        /// <summary>Begins with a pre-shared key, or with null without one, for a hash.</summary>
        internal void Begin(Handshake handshake, int hash, byte[] key)
        {
            if (_tree == null)
            {
                _tree = new SecretTree(handshake.Crypto, SecretTree.Prefix);
            }

            _tree.Begin(hash, hash == CryptoAlgorithm.Sha384 ? _empty384 : _empty256, key, 0, key == null ? 0 : key.Length);
        }

        /// <summary>The binder of that key over a digest.</summary>
        internal void Bind(string label, byte[] digest, byte[] destination, int offset)
        {
            _tree.Bind(label, digest, 0, destination, offset);
        }

        /// <summary>The ServerHello was read or written: what follows is in epoch 2.</summary>
        internal Epoch EnterHandshake(Handshake handshake, byte[] shared, int count)
        {
            handshake.Role.Transcript.Peek(_digest, 0);
            _tree.Advance(shared, 0, count);
            _tree.Derive("c hs traffic", _digest, 0, ClientSecret, 0);
            _tree.Derive("s hs traffic", _digest, 0, ServerSecret, 0);
            WriteLog(handshake, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", ClientSecret);
            WriteLog(handshake, "SERVER_HANDSHAKE_TRAFFIC_SECRET", ServerSecret);
            return MakeEpoch(handshake, 2, ClientSecret, ServerSecret);
        }

        /// <summary>The server's Finished was read or written: data go in epoch 3.</summary>
        internal Epoch EnterData(Handshake handshake)
        {
            handshake.Role.Transcript.Peek(_dataDigest, 0);
            _tree.Advance(null, 0, 0);
            _tree.Derive("c ap traffic", _dataDigest, 0, ClientData, 0);
            _tree.Derive("s ap traffic", _dataDigest, 0, ServerData, 0);
            WriteLog(handshake, "CLIENT_TRAFFIC_SECRET_0", ClientData);
            WriteLog(handshake, "SERVER_TRAFFIC_SECRET_0", ServerData);
            WriteExporter(handshake);
            return MakeEpoch(handshake, 3, ClientData, ServerData);
        }

        /// <summary>The client's Finished was read or written, with nothing behind it.</summary>
        internal void LeaveHandshake(Handshake handshake)
        {
            handshake.Role.Transcript.Peek(_digest, 0);
            _tree.Derive("res master", _digest, 0, Resumption, 0);
        }

        internal override void WriteVerifyData(Handshake handshake, bool ofServer, byte[] destination)
        {
            handshake.Role.Transcript.Peek(_digest, 0);
            _tree.Verify(ofServer ? ServerSecret : ClientSecret, 0, _digest, 0, destination, 0);
        }

        internal override void DeriveMaster(Handshake handshake, byte[] premaster, int length)
        {
        }

        /// <summary>The exporter_master_secret (RFC 8446 section 7.1), as long as the suite's hash.</summary>
        internal override int CopyMaster(byte[] destination, int offset)
        {
            _tree.Derive("exp master", _dataDigest, 0, destination, offset);
            return _tree.Size;
        }

        internal override void ProtectEpoch(Handshake handshake, Epoch epoch)
        {
        }

        internal override void Clear()
        {
            Array.Clear(ClientSecret, 0, ClientSecret.Length);
            Array.Clear(ServerSecret, 0, ServerSecret.Length);
            Array.Clear(ClientData, 0, ClientData.Length);
            Array.Clear(ServerData, 0, ServerData.Length);
            Array.Clear(Resumption, 0, Resumption.Length);
            if (_tree != null)
            {
                _tree.Clear();
            }
        }

        private Epoch MakeEpoch(Handshake handshake, long number, byte[] client, byte[] server)
        {
            CipherSuite suite = handshake.Suite;
            Association association = (Association)handshake.Host;
            EpochTable epochs = association.Epochs;
            Epoch before = epochs.Newest;
            Epoch epoch = epochs.Add(number, new UnifiedCodec(Associations13.Of(association.Engine).Mask), handshake.Options, suite);
            TrafficKeys.ProtectWriting(handshake.Crypto, _tree, suite, handshake.IsServer ? server : client, 0, epoch);
            TrafficKeys.ProtectReading(handshake.Crypto, _tree, suite, handshake.IsServer ? client : server, 0, epoch);
            RecordSizes.Carry(before, epoch);
            if (number == 2)
            {
                ((UnifiedCodec)epoch.ReadCodec).Ids = SessionIds.Agreed(handshake);
            }

            if (handshake.IsServer)
            {
                RecordSizes.Take(handshake, epoch);
            }

            epoch.IsReadable = true;
            return epoch;
        }

        /// <summary>What keys for other protocols come out of (RFC 9850's EXPORTER_SECRET), made for the log alone.</summary>
        private void WriteExporter(Handshake handshake)
        {
            if (handshake.Options.KeyLog != null)
            {
                byte[] secret = new byte[Hkdf.MaxHash];
                CopyMaster(secret, 0);
                WriteLog(handshake, "EXPORTER_SECRET", secret);
                Array.Clear(secret, 0, secret.Length);
            }
        }

        private void WriteLog(Handshake handshake, string label, byte[] secret)
        {
            if (handshake.Options.KeyLog != null)
            {
                byte[] copy = new byte[_tree.Size];
                Array.Copy(secret, copy, copy.Length);
                handshake.Options.KeyLog.Write(label, handshake.ClientRandom, copy);
            }
        }
    }
}
