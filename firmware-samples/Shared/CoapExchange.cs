using System;
using System.Text;

namespace NfDtls.Samples
{
    /// <summary>
    /// Confirmable requests, one at a time, each sent again after twice the time until it is acknowledged (RFC 7252 section 4.2). The
    /// answer is taken from the acknowledgement; one that would come later by itself is not waited for.
    /// </summary>
    internal sealed class CoapExchange
    {
        /// <summary>RFC 7252 section 4.8: ACK_TIMEOUT in milliseconds.</summary>
        internal const int AckTimeout = 2000;

        /// <summary>What a request returns that nobody acknowledged, or that the other end has reset: it has no context for it.</summary>
        internal const int NoAnswer = -1;

        private const int WasReset = -2;

        private const int MaxRetransmit = 4;
        private const int TokenLength = 2;

        private readonly CoapChannel _channel;
        private readonly int _ackTimeout;
        private readonly CoapMessage _message;
        private readonly CoapReader _reader = new CoapReader();
        private readonly byte[] _token = new byte[TokenLength];
        private readonly byte[] _buffer;
        private int _messageId = 1;

        /// <param name="channel">What they go over.</param>
        /// <param name="capacity">Bytes of the longest message, either way.</param>
        /// <param name="ackTimeout">Milliseconds until a request is sent again for the first time.</param>
        internal CoapExchange(CoapChannel channel, int capacity, int ackTimeout)
        {
            _channel = channel;
            _ackTimeout = ackTimeout;
            _message = new CoapMessage(capacity);
            _buffer = new byte[capacity];
        }

        /// <summary>Puts text to a resource; returns the code of the answer, or <see cref="NoAnswer"/>.</summary>
        internal int Put(string path, string text)
        {
            Begin(CoapMessage.Put, path);
            _message.AddText(text);
            return Ask();
        }

        /// <summary>Posts to a resource with a query, and nothing else; returns likewise.</summary>
        internal int Post(string path, string query)
        {
            Begin(CoapMessage.Post, path);
            _message.AddOption(CoapMessage.UriQuery, Encoding.UTF8.GetBytes(query));
            return Ask();
        }

        /// <summary>Zeroes what has come.</summary>
        internal void Forget()
        {
            Array.Clear(_buffer, 0, _buffer.Length);
        }

        // The message id serves as token, too.
        private void Begin(int method, string path)
        {
            _messageId = (_messageId + 1) & 0xFFFF;
            _token[0] = (byte)(_messageId >> 8);
            _token[1] = (byte)_messageId;
            _message.Begin(CoapMessage.Confirmable, method, _messageId, _token, 0, TokenLength);
            _message.AddPath(path);
        }

        private int Ask()
        {
            int timeout = _ackTimeout;
            for (int i = 0; i <= MaxRetransmit; i++)
            {
                _channel.Send(_message.Bytes, _message.Length);
                int code = Await(timeout);
                if (code != NoAnswer)
                {
                    // Sent again it would be reset again (RFC 7252 section 4.2).
                    return code == WasReset ? NoAnswer : code;
                }

                timeout *= 2;
            }

            return NoAnswer;
        }

        /// <summary>Waits for the answer. What else comes, such as one to a request before, is left alone, and takes none of the time.</summary>
        private int Await(int timeout)
        {
            long end = _channel.Now + timeout;
            for (long left = timeout; left > 0; left = end - _channel.Now)
            {
                int length = _channel.Receive(_buffer, (int)left);
                if (length < 0)
                {
                    return NoAnswer;
                }

                if (!_reader.Read(_buffer, length) || _reader.MessageId != _messageId)
                {
                    continue;
                }

                if (_reader.Type == CoapMessage.Reset && _reader.Code == 0)
                {
                    return WasReset;
                }

                if (_reader.Type == CoapMessage.Acknowledgement && _reader.HasToken(_messageId))
                {
                    return _reader.Code;
                }
            }

            return NoAnswer;
        }
    }
}
