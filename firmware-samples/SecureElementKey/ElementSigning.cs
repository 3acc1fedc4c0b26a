using System;
using System.Threading;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>
    /// A signature under way. A thread of its own waits for the element, and the engine is told to wait; it goes on with everything else
    /// meanwhile. What comes is verified before it goes out: a chip that was disturbed gives signatures that tell its key, and a peer would
    /// only say that it could not verify.
    /// </summary>
    internal sealed class ElementSigning : CryptoOperation
    {
        // Beside those that SecureElement makes for what happens on the bus.
        private const int Tries = 2;

        private readonly object _lock = new object();
        private readonly ElementKey _key;
        private readonly CryptoProvider _crypto;
        private readonly byte[] _hash;
        private readonly byte[] _signature;
        private readonly int _offset;
        private CryptoOperation _verification;
        private int _tries;

        // What the thread leaves, all of it under the lock.
        private bool _isAtWork;
        private byte[] _halves;
        private Exception _failure;

        /// <summary>Begins.</summary>
        internal ElementSigning(ElementKey key, CryptoProvider crypto, byte[] hash, byte[] signature, int offset)
        {
            _key = key;
            _crypto = crypto;
            _hash = hash;
            _signature = signature;
            _offset = offset;
            Begin();
        }

        /// <summary>While it is true the engine makes no steps, and wants nobody to call it for this.</summary>
        public override bool IsWaiting
        {
            get
            {
                lock (_lock)
                {
                    return _isAtWork;
                }
            }
        }

        /// <summary>
        /// Takes what the element gave and verifies it, in steps. What it throws ends the handshake with InternalError, sends the peer
        /// internal_error, and is told by the Error event of DtlsClient or DtlsServer.
        /// </summary>
        /// <exception cref="ElementException">The element failed.</exception>
        public override bool Step(int budget)
        {
            lock (_lock)
            {
                if (_isAtWork)
                {
                    return false;
                }

                if (_failure != null)
                {
                    throw _failure;
                }
            }

            if (_verification == null)
            {
                Length = DerSignature.Write(_halves, _signature, _offset);
                _verification = _crypto.Verify(
                    SignatureScheme.EcdsaSecp256r1Sha256, _key.Public, _hash, 0, _hash.Length, _signature, _offset, Length);
            }

            if (!_verification.Step(budget))
            {
                return false;
            }

            if (_verification.Error == DtlsError.None)
            {
                return true;
            }

            if (_tries == Tries)
            {
                throw new ElementException("The secure element signs wrongly.", false);
            }

            Begin();
            return false;
        }

        /// <summary>The handshake is over. The thread comes to its end by itself, and nobody looks at what it brings.</summary>
        public override void Cancel()
        {
            if (_verification != null)
            {
                _verification.Cancel();
            }
        }

        private void Begin()
        {
            _tries++;
            _verification = null;
            _isAtWork = true;
            new Thread(Work).Start();
        }

        private void Work()
        {
            byte[] halves = null;
            Exception failure = null;
            try
            {
                halves = _key.SignHash(_hash);
            }
            catch (Exception exception)
            {
                // The bus' class of a board may throw something else; whatever it is ends the handshake and not the program.
                failure = exception;
            }

            lock (_lock)
            {
                _halves = halves;
                _failure = failure;
                _isAtWork = false;
            }
        }
    }
}
