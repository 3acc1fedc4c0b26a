using System;

namespace NfDtls.Sockets
{
    /// <summary>The session over a restart of the server; DtlsOptions.Features must have an <see cref="AssociationSaver"/>.</summary>
    public sealed partial class DtlsSession
    {
        /// <summary>
        /// Saves the session, sealed, and ends it here: Disconnected(<see cref="DtlsError.Exported"/>) follows, and the client is told
        /// nothing. What was received and not taken yet is still to be received here, and is not in the bytes.
        /// </summary>
        /// <param name="key">The application's key, 16 or 32 bytes.</param>
        /// <param name="buffer">Where the bytes go.</param>
        /// <param name="offset">Where there.</param>
        /// <returns>How many bytes; at most 320 with a pre-shared key whose identity has up to 64.</returns>
        /// <exception cref="ArgumentException">The key's length, or the buffer is too small. The session goes on.</exception>
        /// <exception cref="DtlsException">NotConnected: or a handshake runs. SessionClosed (or what ended it). NoEntropy: the session goes on.</exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public int Export(byte[] key, byte[] buffer, int offset)
        {
            lock (_lock)
            {
                CheckLives();
                int length = _server.Saver.Export(_association, key, buffer, offset);
                _server.Exported();
                return length;
            }
        }

        /// <summary>
        /// Writes the next promise of the session, which is durable from the first one that is stored: it uses no record number beyond
        /// what is promised in bytes that are stored. Store them, and call <see cref="PromiseStored"/>; one at a time.
        /// </summary>
        /// <returns>How many bytes.</returns>
        /// <exception cref="ArgumentException">The key's length, or the buffer is too small.</exception>
        /// <exception cref="DtlsException">NotConnected: or a handshake runs. SessionClosed (or what ended it). NoEntropy.</exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public int WritePromise(byte[] key, byte[] buffer, int offset)
        {
            lock (_lock)
            {
                CheckLives();
                return _server.Saver.WritePromise(_association, key, buffer, offset);
            }
        }

        /// <summary>The promise that was written last is in stable storage, and no older one is. Does nothing after the session's end.</summary>
        /// <exception cref="ArgumentException">It is not the promise that was written last.</exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public void PromiseStored(byte[] saved, int offset)
        {
            lock (_lock)
            {
                if (_association != null)
                {
                    _server.Saver.PromiseStored(_association, saved, offset);
                }
            }
        }

        /// <summary>Nothing that was saved of the session can be imported any more: it goes on without promises.</summary>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public void SavedIsGone()
        {
            lock (_lock)
            {
                if (_association != null)
                {
                    _server.Saver.SavedIsGone(_association);
                }
            }
        }

        private void CheckLives()
        {
            if (_association == null)
            {
                throw Ended();
            }
        }
    }
}
