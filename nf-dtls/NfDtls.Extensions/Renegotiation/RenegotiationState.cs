using System;

namespace NfDtls.Extensions
{
    /// <summary>What an association keeps for its next handshake: what the last one ended with, who the peer was, what was asked for.</summary>
    internal sealed class RenegotiationState
    {
        /// <summary>Bytes on nanoFramework: an object of 7 fields and its two arrays.</summary>
        internal const int PlannedBytes = 96 + 48 + 60;

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

        /// <summary>Whose certificate or key the peer showed (<see cref="PeerProofHash"/>).</summary>
        internal readonly byte[] Peer = new byte[PeerProofHash.Length];

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
            PeerProofHash.Write(handshake, Peer);
            IsUnfinished = false;
            EndAsking();
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
            writer.WriteBytes(Peer, 0, PeerProofHash.Length);
        }

        /// <summary>Reads what <see cref="Write"/> wrote, or returns null.</summary>
        internal static RenegotiationState Read(WireReader reader)
        {
            RenegotiationState state = new RenegotiationState();
            int verifyData = reader.Skip(state.VerifyData.Length);
            int peer = reader.Skip(PeerProofHash.Length);
            if (reader.Failed || !reader.IsAtEnd)
            {
                return null;
            }

            Array.Copy(reader.Buffer, verifyData, state.VerifyData, 0, state.VerifyData.Length);
            Array.Copy(reader.Buffer, peer, state.Peer, 0, PeerProofHash.Length);
            return state;
        }

        internal void Clear()
        {
            Array.Clear(VerifyData, 0, VerifyData.Length);
            Array.Clear(Peer, 0, PeerProofHash.Length);
        }
    }
}
