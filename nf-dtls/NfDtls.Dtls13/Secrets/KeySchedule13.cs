using System;

namespace NfDtls.Dtls13
{
    /// <summary>The secrets of one handshake, and what of the association's comes out of them.</summary>
    internal sealed class KeySchedule13 : KeySchedule
    {
        // Where they stand: the traffic secrets of the handshake, those of data, and the digest of the messages up to the server's Finished.
        private const int Parts = 5;
        private int _size;

        /// <summary>All secrets, each as long as the suite's hash, or null before there are any: a slot without a handshake keeps none.</summary>
        private byte[] _secrets;
        private SecretTree _tree;

        /// <summary>What a later connection's key is made of, from the client's Finished on, where sessions are kept; else null.</summary>
        internal byte[] Resumption { get; private set; }

        /// <summary>The secrets.</summary>
        internal byte[] All
        {
            get { return _secrets; }
        }

        /// <summary>Where in <see cref="All"/> an end's traffic secret of the handshake begins.</summary>
        internal int HandshakeAt(bool ofServer)
        {
            return ofServer ? _size : 0;
        }

        /// <summary>Where its first one of data does.</summary>
        internal int DataAt(bool ofServer)
        {
            return ofServer ? 3 * _size : 2 * _size;
        }

        /// <summary>Begins with a pre-shared key, or with null without one, for a hash.</summary>
        internal void Begin(Handshake handshake, int hash, byte[] key)
        {
            LabelHkdf labels = LabelsOf(handshake);
            if (_tree == null)
            {
                _tree = new SecretTree(labels);
            }

            _tree.Begin(hash, labels.EmptyOf(hash), key, 0, key == null ? 0 : key.Length);
        }

        /// <summary>The binder of that key over a digest.</summary>
        internal void Bind(string label, byte[] digest, byte[] destination, int offset)
        {
            _tree.Bind(label, digest, 0, destination, offset);
        }

        /// <summary>The ServerHello was read or written: what follows is in epoch 2.</summary>
        internal Epoch EnterHandshake(Handshake handshake, byte[] shared, int count)
        {
            byte[] digest = PeekDigest(handshake);
            _size = _tree.Size;
            _secrets = new byte[Parts * _size];
            _tree.Advance(shared, 0, count);
            Derive(handshake, "c hs traffic", digest, 0, HandshakeAt(false), "CLIENT_HANDSHAKE_TRAFFIC_SECRET");
            Derive(handshake, "s hs traffic", digest, 0, HandshakeAt(true), "SERVER_HANDSHAKE_TRAFFIC_SECRET");
            Epoch epoch = MakeEpoch(handshake, 2);
            ProtectWriting(handshake, HandshakeAt(handshake.IsServer), epoch);
            ProtectReading(handshake, HandshakeAt(!handshake.IsServer), epoch);
            ((UnifiedCodec)epoch.ReadCodec).Ids = SessionIds.Agreed(handshake);
            if (handshake.IsServer)
            {
                RecordSizes.Take(handshake, epoch);
            }

            return epoch;
        }

        /// <summary>
        /// The server's Finished was read or written: data go in epoch 3, the server's at once. The keys of the client's data come when nothing more is
        /// written in epoch 2 (<see cref="EnterClientData"/>): a board has no room for all of them at a time.
        /// </summary>
        internal Epoch EnterData(Handshake handshake)
        {
            handshake.Role.Transcript.Peek(_secrets, DigestAt);
            _tree.Advance(null, 0, 0);
            Derive(handshake, "c ap traffic", _secrets, DigestAt, DataAt(false), "CLIENT_TRAFFIC_SECRET_0");
            Derive(handshake, "s ap traffic", _secrets, DigestAt, DataAt(true), "SERVER_TRAFFIC_SECRET_0");
            WriteExporter(handshake);
            Epoch epoch = MakeEpoch(handshake, 3);
            if (handshake.IsServer)
            {
                ProtectWriting(handshake, DataAt(true), epoch);
            }
            else
            {
                ProtectReading(handshake, DataAt(true), epoch);
            }

            return epoch;
        }

        /// <summary>The client's Finished has come: nothing more is written in epoch 2, and the client's data are in epoch 3.</summary>
        internal void EnterClientData(Handshake handshake, Epoch epoch)
        {
            handshake.Flight.Stop();
            TrafficKeys.EndWriting(epoch.Before);
            if (handshake.IsServer)
            {
                ProtectReading(handshake, DataAt(false), epoch);
                RecordSizes.Take(handshake, epoch);
            }
            else
            {
                ProtectWriting(handshake, DataAt(false), epoch);
            }
        }

        /// <summary>The client's Finished was read or written, with nothing behind it.</summary>
        internal void LeaveHandshake(Handshake handshake)
        {
            if (handshake.Endpoint.Resumption != null)
            {
                Resumption = new byte[_size];
                _tree.Derive("res master", PeekDigest(handshake), 0, Resumption, 0);
            }
        }

        /// <summary>What an end's Finished says: as SecretTree.Verify, with a call less where calls are deepest, which stand in a board's heap.</summary>
        internal byte[] VerifyData(Handshake handshake, bool ofServer)
        {
            byte[] data = new byte[_size];
            byte[] digest = PeekDigest(handshake);
            LabelHkdf labels = LabelsOf(handshake);
            int hash = handshake.Suite.Hash;
            labels.Expand(hash, _secrets, HandshakeAt(ofServer), "finished", labels.Zeros, 0, 0, labels.Key, 0, _size);
            labels.Crypto.Hmac(hash, labels.Key, 0, _size, digest, 0, _size, data, 0);
            Array.Clear(labels.Key, 0, _size);
            return data;
        }

        internal override void WriteVerifyData(Handshake handshake, bool ofServer, byte[] destination)
        {
            byte[] data = VerifyData(handshake, ofServer);
            Array.Copy(data, destination, data.Length);
        }

        /// <summary>Of DTLS 1.2 alone: here it would leave keys of zeros.</summary>
        internal override void DeriveMaster(Handshake handshake, byte[] premaster, int length)
        {
            throw new InvalidOperationException();
        }

        /// <summary>The exporter_master_secret (RFC 8446 section 7.1), as long as the suite's hash.</summary>
        internal override int CopyMaster(byte[] destination, int offset)
        {
            _tree.Derive("exp master", _secrets, DigestAt, destination, offset);
            return _tree.Size;
        }

        /// <summary>Of DTLS 1.2 alone: here each direction has its own time, and an epoch without keys would go in the clear.</summary>
        internal override void ProtectEpoch(Handshake handshake, Epoch epoch)
        {
            throw new InvalidOperationException();
        }

        internal override void Clear()
        {
            Wipe(_secrets);
            Wipe(Resumption);
            _secrets = null;
            Resumption = null;
            if (_tree != null)
            {
                _tree.Clear();
            }
        }

        private static Epoch MakeEpoch(Handshake handshake, long number)
        {
            Association association = (Association)handshake.Host;
            EpochTable epochs = association.Epochs;
            Epoch before = epochs.Newest;
            Epoch epoch = epochs.Add(number, new UnifiedCodec(Associations13.Of(association.Engine).Mask), handshake.Options, handshake.Suite);
            RecordSizes.Carry(before, epoch);
            epoch.IsReadable = true;
            return epoch;
        }

        private void ProtectWriting(Handshake handshake, int at, Epoch epoch)
        {
            TrafficKeys.ProtectWriting(handshake.Crypto, _tree, handshake.Suite, _secrets, at, epoch);
        }

        private void ProtectReading(Handshake handshake, int at, Epoch epoch)
        {
            TrafficKeys.ProtectReading(handshake.Crypto, _tree, handshake.Suite, _secrets, at, epoch);
            RecordSizes.CarryInner(epoch.Before, epoch);
        }

        /// <summary>What keys for other protocols come out of (RFC 9850's EXPORTER_SECRET), made for the log alone.</summary>
        private void WriteExporter(Handshake handshake)
        {
            if (handshake.Options.KeyLog != null)
            {
                byte[] secret = new byte[Hkdf.MaxHash];
                CopyMaster(secret, 0);
                WriteLog(handshake, "EXPORTER_SECRET", secret, 0);
                Array.Clear(secret, 0, secret.Length);
            }
        }

        private int DigestAt
        {
            get { return 4 * _size; }
        }

        private static LabelHkdf LabelsOf(Handshake handshake)
        {
            return Associations13.Of((AssociationHost)handshake.Endpoint).Labels;
        }

        /// <summary>The transcript's, in a place that holds it until the next call.</summary>
        private static byte[] PeekDigest(Handshake handshake)
        {
            byte[] digest = LabelsOf(handshake).Digest;
            handshake.Role.Transcript.Peek(digest, 0);
            return digest;
        }

        private void Derive(Handshake handshake, string label, byte[] digest, int digestAt, int at, string logged)
        {
            _tree.Derive(label, digest, digestAt, _secrets, at);
            WriteLog(handshake, logged, _secrets, at);
        }

        private static void Wipe(byte[] secret)
        {
            if (secret != null)
            {
                Array.Clear(secret, 0, secret.Length);
            }
        }

        private void WriteLog(Handshake handshake, string label, byte[] secret, int at)
        {
            if (handshake.Options.KeyLog != null)
            {
                byte[] copy = new byte[_tree.Size];
                Array.Copy(secret, at, copy, 0, copy.Length);
                handshake.Options.KeyLog.Write(label, handshake.ClientRandom, copy);
            }
        }
    }
}
