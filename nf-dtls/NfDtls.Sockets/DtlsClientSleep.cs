using System;
using System.Net;

namespace NfDtls.Sockets
{
    /// <summary>The client over a deep sleep or a crash; DtlsOptions.Features must have an <see cref="AssociationSaver"/>.</summary>
    public sealed partial class DtlsClient
    {
        /// <summary>
        /// The next promise of a durable connection is to be stored: the handler calls <see cref="WritePromise"/>, stores the bytes, and
        /// calls <see cref="PromiseStored"/>. Called on the client's thread, not under its lock, while half of the last promise is
        /// left, again where something was refused for want of it, and after <see cref="Import"/>.
        /// </summary>
        public event PromiseWantedHandler? PromiseWanted;

        /// <summary>
        /// Saves the connection, sealed, and ends it here (<see cref="DtlsError.Exported"/>); the server is told nothing. What was
        /// received and not taken yet is still to be received here, and is not in the bytes.
        /// </summary>
        /// <param name="key">The application's key, 16 or 32 bytes.</param>
        /// <param name="buffer">Where the bytes go.</param>
        /// <param name="offset">Where there.</param>
        /// <returns>How many bytes; at most 320 with a pre-shared key whose identity has up to 64.</returns>
        /// <exception cref="ArgumentException">The key's length, or the buffer is too small. The connection goes on.</exception>
        /// <exception cref="DtlsException">NotConnected: or a handshake runs. SessionClosed (or what ended it). NoEntropy: the connection goes on.</exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public int Export(byte[] key, byte[] buffer, int offset)
        {
            lock (_lock)
            {
                CheckNotDisposed();
                int length = Save(true, key, buffer, offset);
                Flush(Platform.Now);
                Refresh();
                Wake();
                return length;
            }
        }

        /// <summary>
        /// Goes on with a saved connection, with no handshake and no datagram. It sends and takes nothing before the next promise is
        /// stored (<see cref="PromiseWanted"/> is called for it), or <see cref="SavedIsGone"/> was.
        /// </summary>
        /// <param name="peer">The server's address; null for the one that it had.</param>
        /// <param name="key">The key that it was sealed under.</param>
        /// <param name="saved">Holds the bytes; they stay as they are.</param>
        /// <param name="offset">Where they begin.</param>
        /// <param name="count">How many, or more.</param>
        /// <param name="minimumGeneration">Older bytes are refused; 0 for any.</param>
        /// <exception cref="ArgumentException">The bytes are no saved association, cut short, of another format, or need other options; the key's length; the peer.</exception>
        /// <exception cref="DtlsException">DecryptError: another key, or changed bytes. IllegalParameter: older than the minimum. AlreadyConnected. SocketError.</exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public void Import(IPEndPoint? peer, byte[] key, byte[] saved, int offset, int count, long minimumGeneration)
        {
            if (peer != null)
            {
                UdpAddress.CheckPeer(peer);
            }

            lock (_lock)
            {
                CheckNotDisposed();
                long now = Platform.Now;
                Saver.Import(_engine, key, saved, offset, count, minimumGeneration, now);
                bool hasBegun = false;
                try
                {
                    Bind(peer != null ? peer : SavedPeer());
                    _association.AddressLength = 0;
                    if (!_thread.IsRunning)
                    {
                        _thread.Start(Run);
                    }

                    _owesOutcome = false;
                    hasBegun = true;
                }
                finally
                {
                    if (!hasBegun)
                    {
                        _engine.Reset();
                    }

                    Refresh();
                }
            }
        }

        /// <summary>
        /// Writes the next promise of the connection, which is durable from the first one that is stored: it uses no record number
        /// beyond what is promised in bytes that are stored. Store them, and call <see cref="PromiseStored"/>; one at a time.
        /// </summary>
        /// <returns>How many bytes.</returns>
        /// <exception cref="ArgumentException">The key's length, or the buffer is too small.</exception>
        /// <exception cref="DtlsException">NotConnected: or a handshake runs. SessionClosed (or what ended it). NoEntropy.</exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public int WritePromise(byte[] key, byte[] buffer, int offset)
        {
            lock (_lock)
            {
                CheckNotDisposed();
                return Save(false, key, buffer, offset);
            }
        }

        /// <summary>The promise that was written last is in stable storage, and no older one is.</summary>
        /// <exception cref="ArgumentException">It is not the promise that was written last.</exception>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public void PromiseStored(byte[] saved, int offset)
        {
            lock (_lock)
            {
                Saver.PromiseStored(_association, saved, offset);
            }
        }

        /// <summary>Nothing that was saved of the connection can be imported any more: it goes on without promises.</summary>
        /// <exception cref="InvalidOperationException">The features have no saver.</exception>
        public void SavedIsGone()
        {
            lock (_lock)
            {
                Saver.SavedIsGone(_association);
            }
        }

        private AssociationSaver Saver
        {
            get { return AssociationSaver.Of(_engine); }
        }

        /// <summary>To a client's engine an address is one of its own paths: the peer's stands there for as long as it is saved.</summary>
        private int Save(bool isExport, byte[] key, byte[] buffer, int offset)
        {
            byte path = _association.Address[0];
            int pathLength = _association.AddressLength;
            Array.Copy(_peer, 0, _association.Address, 0, _peerLength);
            _association.AddressLength = _peerLength;
            try
            {
                return isExport ? Saver.Export(_association, key, buffer, offset) : Saver.WritePromise(_association, key, buffer, offset);
            }
            finally
            {
                _association.Address[0] = path;
                _association.AddressLength = pathLength;
            }
        }

        private IPEndPoint SavedPeer()
        {
            int length = _association.PeerAddressLength;
            if (length != UdpAddress.Ipv4Length && length != UdpAddress.Ipv6Length)
            {
                throw new ArgumentException("No peer's address was saved; say it.", "peer");
            }

            return UdpAddress.Read(_association.PeerAddress);
        }

        private void RaisePromiseWanted()
        {
            PromiseWantedHandler handler = PromiseWanted;
            if (handler == null)
            {
                return;
            }

            try
            {
                handler();
            }
            catch (Exception e)
            {
                RaiseError(DtlsError.InternalError, e);
            }
        }
    }
}
