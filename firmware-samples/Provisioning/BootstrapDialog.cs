using System;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>What is said to a bootstrap server over a session: the device asks, and the server writes until it has finished.</summary>
    internal sealed class BootstrapDialog
    {
        private const int MaxMessage = 512;

        // A server sends what is not acknowledged again for 45 s (RFC 7252 section 4.8.2: MAX_TRANSMIT_SPAN).
        private const int Silence = 45000;
        private const int MaxDialog = 180000;

        // The answer to the finish may get lost, and the server then asks once more.
        private const int Linger = 3000;

        private readonly CoapChannel _channel;
        private readonly CoapExchange _exchange;
        private readonly byte[] _buffer = new byte[MaxMessage];

        internal BootstrapDialog(CoapChannel channel)
        {
            _channel = channel;
            _exchange = new CoapExchange(channel, MaxMessage, CoapExchange.AckTimeout);
        }

        /// <summary>Asks, and takes what the server writes; null where it refuses, or does not finish in its time.</summary>
        /// <exception cref="DtlsException">The session ended before the server had finished.</exception>
        internal Credentials Run(string endpoint)
        {
            BootstrapWrites writes = new BootstrapWrites();
            Credentials credentials = null;
            try
            {
                credentials = Run(endpoint, writes);
                return credentials;
            }
            finally
            {
                // Keys have gone through here, however it ended.
                Array.Clear(_buffer, 0, _buffer.Length);
                _exchange.Forget();
                if (credentials == null)
                {
                    writes.Forget();
                }
            }
        }

        private Credentials Run(string endpoint, BootstrapWrites writes)
        {
            int code = _exchange.Post("bs", "ep=" + endpoint);
            if (code != CoapMessage.Changed)
            {
                Console.WriteLine(code == CoapExchange.NoAnswer ? "The bootstrap server does not answer." : "The bootstrap server answered " + CoapMessage.Describe(code) + ".");
                return null;
            }

            long end = _channel.Now + MaxDialog;
            while (writes.Result == null)
            {
                int length = _channel.Now < end ? _channel.Receive(_buffer, Silence) : -1;
                if (length < 0)
                {
                    Console.WriteLine("The bootstrap server does not finish.");
                    return null;
                }

                Answer(writes, length);
            }

            AnswerAgain(writes);
            return writes.Result;
        }

        private void Answer(BootstrapWrites writes, int length)
        {
            if (writes.Take(_buffer, length))
            {
                _channel.Send(writes.Answer.Bytes, writes.Answer.Length);
            }
        }

        private void AnswerAgain(BootstrapWrites writes)
        {
            try
            {
                long end = _channel.Now + Linger;
                for (long left = Linger; left > 0; left = end - _channel.Now)
                {
                    int length = _channel.Receive(_buffer, (int)left);
                    if (length < 0)
                    {
                        return;
                    }

                    Answer(writes, length);
                }
            }
            catch (DtlsException)
            {
                // The server has closed the session: it has the answer.
            }
        }
    }
}
