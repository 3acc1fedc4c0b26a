namespace NfDtls
{
    /// <summary>What hosts a handshake: it has the keys, hears how the handshake goes, and lives on when it is done.</summary>
    public abstract class HandshakeHost
    {
        internal Handshake Handshake;
        internal Epoch ReadEpoch;
        internal Epoch WriteEpoch;

        internal HandshakeHost()
        {
        }

        /// <summary>Largest UDP payload that the path to the peer carries, as far as this end knows, in bytes.</summary>
        public abstract int PathMtu { get; set; }

        /// <summary>Nothing larger than this has a chance.</summary>
        internal abstract void LowerPathMtu(int size);

        /// <summary>Handles the record in the endpoint's header; drops and counts what cannot be handled.</summary>
        internal abstract void HandleRecord(byte[] buffer, long now);

        /// <summary>Makes the epoch behind the newest, with the limits of a suite; its protection is the key schedule's to add.</summary>
        internal abstract Epoch AddEpoch(CipherSuite suite);

        /// <summary>From here on another epoch is read, which the handshake that runs has brought.</summary>
        internal void ChangeReadEpoch(Epoch epoch)
        {
            ReadEpoch = epoch;
            epoch.IsReadable = true;
            Handshake.Held.MayGo = true;
        }

        /// <summary>Our ChangeCipherSpec was written: what follows goes out in the next epoch.</summary>
        internal abstract void ChangeWriteEpoch();

        /// <summary>The handshake's flight is to be sent, from its first message on.</summary>
        internal abstract void SendFlight();

        /// <summary>Ours was the last flight: it is kept, apart from the handshake's slot.</summary>
        internal abstract void KeepLastFlight(Flight flight, long now);

        /// <summary>What the peer's Finished is or must be, to tell a repetition of it.</summary>
        internal abstract void RememberFinished(int sequence, byte[] verifyData);

        /// <summary>The handshake has read a message, and all its work is done: whether it may go on.</summary>
        internal abstract DtlsError OnMessage(int type);

        /// <summary>The handshake waits for an operation.</summary>
        internal abstract void OnPending();

        /// <summary>The peer's Finished was right, and all is sent that it needs.</summary>
        internal abstract void Complete(long now);

        /// <summary>Ends with an error of ours: its alert goes out, under the keys of now.</summary>
        internal abstract void Fail(DtlsError error);

        /// <summary>Ends with an alert of the peer's.</summary>
        internal abstract void FailWithAlert(int alert);
    }
}
