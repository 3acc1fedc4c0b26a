using System;

namespace NfDtls.Extensions
{
    /// <summary>What an association keeps for its next handshake: what the last one ended with, who the peer was, what was asked for.</summary>
    internal sealed class RenegotiationState
    {
        /// <summary>Bytes on nanoFramework: an object of 7 fields and its two arrays.</summary>
        internal const int PlannedBytes = 96 + 48 + 60;

        private const int IdentityLength = 32;

        /// <summary>What the client said in its Finished, and the server behind it.</summary>
        internal readonly byte[] VerifyData = new byte[2 * Finished.VerifyDataLength];

        /// <summary>Whether a handshake was begun of which the end never came.</summary>
        internal bool IsUnfinished;

        /// <summary>HelloRequests sent, to which no hello came yet.</summary>
        internal int Asked;

        /// <summary>When the next one is due, or the end of asking; never while nothing is waited for.</summary>
        internal long AskAt = Deadline.Never;

        /// <summary>When the peer may begin of itself.</summary>
        internal long PeerMayBeginAt = long.MinValue;

        private readonly byte[] _peer = new byte[IdentityLength];
        private int _timeout;

        /// <summary>Whether a HelloRequest is under way, or its answer.</summary>
        internal bool IsAsking
        {
            get { return AskAt != Deadline.Never; }
        }

        /// <summary>A handshake has succeeded.</summary>
        internal void Remember(Association association, Handshake handshake)
        {
            int own = association.IsServer ? Finished.VerifyDataLength : 0;
            Array.Copy(handshake.Flight.Bytes, handshake.Flight.Last.Offset, VerifyData, own, Finished.VerifyDataLength);
            association.LastFlight.CopyPeers(VerifyData, Finished.VerifyDataLength - own);
            WritePeer(handshake, _peer);
            IsUnfinished = false;
            EndAsking();
        }

        /// <summary>Whether the peer of a handshake has named itself as the last time.</summary>
        internal bool IsSamePeer(Handshake handshake)
        {
            byte[] peer = new byte[IdentityLength];
            WritePeer(handshake, peer);
            return ConstantTime.AreEqual(peer, 0, _peer, 0, IdentityLength);
        }

        internal void BeginAsking()
        {
            Asked = 0;
            _timeout = 0;
        }

        /// <summary>A HelloRequest is sent: the wait for the next grows as a flight's does.</summary>
        internal void Sent(EndpointOptions options, long now)
        {
            Asked++;
            _timeout = _timeout == 0 ? options.RetransmitTimeout : 2 * _timeout;
            _timeout = _timeout > options.MaxRetransmitTimeout ? options.MaxRetransmitTimeout : _timeout;
            AskAt = Deadline.After(now, _timeout);
        }

        /// <summary>The hello came, or the refusal.</summary>
        internal void EndAsking()
        {
            Asked = 0;
            AskAt = Deadline.Never;
        }

        /// <summary>What outlives a sleep.</summary>
        internal void Write(WireWriter writer)
        {
            writer.WriteBytes(VerifyData, 0, VerifyData.Length);
            writer.WriteBytes(_peer, 0, IdentityLength);
        }

        /// <summary>Reads what <see cref="Write"/> wrote, or returns null.</summary>
        internal static RenegotiationState Read(WireReader reader)
        {
            RenegotiationState state = new RenegotiationState();
            int verifyData = reader.Skip(state.VerifyData.Length);
            int peer = reader.Skip(IdentityLength);
            if (reader.Failed || !reader.IsAtEnd)
            {
                return null;
            }

            Array.Copy(reader.Buffer, verifyData, state.VerifyData, 0, state.VerifyData.Length);
            Array.Copy(reader.Buffer, peer, state._peer, 0, IdentityLength);
            return state;
        }

        internal void Clear()
        {
            Array.Clear(VerifyData, 0, VerifyData.Length);
            Array.Clear(_peer, 0, IdentityLength);
        }

        /// <summary>
        /// A digest of who the peer is: of its PSK identity, to a server; of its certificate or raw key, or where none is kept of its
        /// public key. Zeros where it has not said.
        /// </summary>
        private static void WritePeer(Handshake handshake, byte[] digest)
        {
            byte[] bytes = null;
            int offset = 0;
            int count = 0;
            byte[] kind = new byte[1];
            PublicKey key = handshake.Authenticator == null ? null : handshake.Authenticator.PeerKey;
            byte[] hash = SessionHandshakes.PeerHash(handshake);
            if (hash.Length > 0)
            {
                kind[0] = 1;
                bytes = hash;
                count = hash.Length;
            }
            else if (key == null)
            {
                bytes = handshake.IsServer ? handshake.PskIdentity : null;
                count = bytes == null ? 0 : bytes.Length;
            }
            else
            {
                kind[0] = 2;
                bytes = key.Buffer;
                offset = key.Offset;
                count = key.Count;
            }

            if (bytes == null)
            {
                Array.Clear(digest, 0, IdentityLength);
            }
            else
            {
                handshake.Crypto.Hmac(CryptoAlgorithm.Sha256, kind, 0, 1, bytes, offset, count, digest, 0);
            }
        }
    }
}
