using System;
using System.Threading;
using System.Threading.Tasks;

namespace NfDtls.Net;

/// <summary>
/// Finds the pre-shared key of a client. Called on the thread pool, many at a time; may take its time, as far as
/// <see cref="DtlsListenerOptions.PskCallbackTimeout"/> allows: its handshake waits, nothing else does.
/// </summary>
/// <param name="identity">What the client says that it is: 0 to 128 bytes, of any value. Nothing is proven yet.</param>
/// <param name="cancellationToken">Cancelled when the answer is not wanted any more.</param>
/// <returns>The key, 1 to 64 bytes, of which a copy is made; null where there is none. An exception counts as none.</returns>
public delegate ValueTask<byte[]?> DtlsServerPskCallback(ReadOnlyMemory<byte> identity, CancellationToken cancellationToken);

/// <summary>Finds the identity and the key that a client takes with a server.</summary>
/// <param name="hint">The server's hint, 0 to 128 bytes of any value; empty where it gives none.</param>
/// <param name="cancellationToken">Cancelled when the answer is not wanted any more.</param>
/// <returns>What to take, or null, which ends the handshake. So does an exception.</returns>
public delegate ValueTask<DtlsPskCredential?> DtlsClientPskCallback(ReadOnlyMemory<byte> hint, CancellationToken cancellationToken);
