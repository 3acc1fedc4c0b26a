using System;

namespace NfDtls.Sockets
{
    /// <summary>The server's sessions over a restart; DtlsOptions.Features must have an <see cref="AssociationSaver"/>.</summary>
    public sealed partial class DtlsServer
    {
        /// <summary>
        /// The next promise of a durable session is to be stored: the handler calls <see cref="DtlsSession.WritePromise"/>, stores the
        /// bytes, and calls <see cref="DtlsSession.PromiseStored"/>. Called while half of the last promise is left, again where
        /// something was refused for want of it, and after <see cref="Import"/>.
        /// </summary>
        public event SessionHandler? PromiseWanted;

        /// <summary>
        /// Takes a saved session back, with no handshake and no datagram; the server runs. Connected is not called for it. It sends and
        /// takes nothing before the next promise is stored, or <see cref="DtlsSession.SavedIsGone"/> was called.
        /// </summary>
        /// <param name="key">The key that it was sealed under.</param>
        /// <param name="saved">Holds the bytes; they stay as they are.</param>
        /// <param name="offset">Where they begin.</param>
        /// <param name="count">How many, or more.</param>
        /// <param name="minimumGeneration">Older bytes are refused; 0 for any.</param>
        /// <exception cref="ArgumentException">The bytes are no saved association, cut short, of another format, or need other options; the key's length.</exception>
        /// <exception cref="DtlsException">
        /// DecryptError: another key, or changed bytes. IllegalParameter: older than the minimum. AlreadyConnected: it is there, or
        /// another has its address. NoFreeSession. Stopped: the server does not run.
        /// </exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public DtlsSession Import(byte[] key, byte[] saved, int offset, int count, long minimumGeneration)
        {
            lock (_lock)
            {
                if (_run == null)
                {
                    throw new DtlsException(DtlsError.Stopped, "The server does not run: sessions have a port.");
                }

                Association association = Saver.Import(_engine, key, saved, offset, count, minimumGeneration, Platform.Now);
                DtlsSession session = MakeSession(association);
                session.Announce();
                Wake();
                return session;
            }
        }

        /// <summary>Under the lock: the thread has events to tell of.</summary>
        internal void Wake()
        {
            if (_run != null && !IsOwnThread)
            {
                _run.Port.Wake();
            }
        }

        /// <summary>Under the lock: what was made before the end of a session goes out, and its end is told.</summary>
        internal void Exported()
        {
            Flush(_run, Platform.Now);
            Wake();
        }

        internal AssociationSaver Saver
        {
            get { return AssociationSaver.Of(_engine); }
        }
    }
}
