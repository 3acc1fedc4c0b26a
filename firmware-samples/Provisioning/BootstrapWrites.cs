using System;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>
    /// What a bootstrap server asks of the device (LwM2M 1.1 Core, section 6.1.7): to forget, to take the resources of a Security object one
    /// by one, and to finish. Only a finish with all of them makes credentials; whatever else comes changes nothing.
    /// </summary>
    internal sealed class BootstrapWrites
    {
        private const int MaxAnswer = 16;
        private const int Octets = 42;
        private const int TooLarge = 0x8D;
        private const string PreSharedKeyMode = "0";
        private const string NoBootstrapServer = "0";

        private readonly CoapReader _reader = new CoapReader();
        private readonly CoapMessage _answer = new CoapMessage(MaxAnswer);
        private readonly ServerUri _uri = new ServerUri();
        private bool _hasUri;
        private byte[] _identity;
        private byte[] _key;
        private bool _hasAnswered;
        private int _answered;

        /// <summary>The credentials, once the server has finished; null before.</summary>
        internal Credentials Result;

        /// <summary>The answer to what came last.</summary>
        internal CoapMessage Answer
        {
            get { return _answer; }
        }

        /// <summary>Takes a message; true where <see cref="Answer"/> is to be sent.</summary>
        internal bool Take(byte[] bytes, int count)
        {
            if (!_reader.Read(bytes, count) || _reader.Type != CoapMessage.Confirmable)
            {
                return false;
            }

            if (!_reader.IsRequest)
            {
                // A ping, or an answer that nobody waits for.
                _hasAnswered = false;
                _answer.Begin(CoapMessage.Reset, 0, _reader.MessageId, bytes, 0, 0);
                return true;
            }

            if (_hasAnswered && _reader.MessageId == _answered)
            {
                // It did not get the answer: once more the same.
                return true;
            }

            int code = _reader.HasUnknownOption ? CoapMessage.BadOption : Carry(bytes);
            _answer.Begin(CoapMessage.Acknowledgement, code, _reader.MessageId, bytes, _reader.TokenOffset, _reader.TokenLength);
            _hasAnswered = true;
            _answered = _reader.MessageId;
            return true;
        }

        /// <summary>Zeroes what has come and is no credentials yet.</summary>
        internal void Forget()
        {
            ForgetKey();
            _hasUri = false;
            _identity = null;
        }

        private void ForgetKey()
        {
            if (_key != null)
            {
                Array.Clear(_key, 0, _key.Length);
                _key = null;
            }
        }

        private int Carry(byte[] bytes)
        {
            if (Result != null)
            {
                return CoapMessage.MethodNotAllowed;
            }

            string path = _reader.Path;
            if (path == "bs")
            {
                return _reader.Code == CoapMessage.Post ? Finish() : CoapMessage.MethodNotAllowed;
            }

            if (path == null || (path.Length > 0 && path[0] != '0'))
            {
                return CoapMessage.NotFound;
            }

            if (path == "" || path == "0" || path == "0/0")
            {
                if (_reader.Code != CoapMessage.Delete)
                {
                    return CoapMessage.MethodNotAllowed;
                }

                Forget();
                return CoapMessage.Deleted;
            }

            return Write(path, bytes);
        }

        private int Write(string path, byte[] bytes)
        {
            bool isText = path == "0/0/0" || path == "0/0/1" || path == "0/0/2" || path == "0/0/10";
            bool isOpaque = path == "0/0/3" || path == "0/0/5";
            if (!isText && !isOpaque)
            {
                return CoapMessage.NotFound;
            }

            if (_reader.Code != CoapMessage.Put)
            {
                return CoapMessage.MethodNotAllowed;
            }

            // Opaque bytes as text would be in base64.
            int format = _reader.ContentFormat;
            if (format != CoapReader.NoFormat && format != (isText ? 0 : Octets))
            {
                return CoapMessage.UnsupportedFormat;
            }

            switch (path)
            {
                case "0/0/0":
                    return WriteUri(bytes);
                case "0/0/1":
                    return Holds(bytes, NoBootstrapServer) ? CoapMessage.Changed : CoapMessage.BadRequest;
                case "0/0/2":
                    return Holds(bytes, PreSharedKeyMode) ? CoapMessage.Changed : CoapMessage.BadRequest;
                case "0/0/3":
                    return WriteIdentity(bytes);
                case "0/0/5":
                    return WriteKey(bytes);
                default:
                    // The short server ID, which only tells several servers apart.
                    return CoapMessage.Changed;
            }
        }

        private int WriteUri(byte[] bytes)
        {
            if (_reader.PayloadLength > ServerUri.MaxLength)
            {
                return TooLarge;
            }

            _hasUri = _uri.Read(bytes, _reader.PayloadOffset, _reader.PayloadLength);
            return _hasUri ? CoapMessage.Changed : CoapMessage.BadRequest;
        }

        private int WriteIdentity(byte[] bytes)
        {
            int refusal = Refusal(PskStore.MaxIdentityLength);
            _identity = refusal == 0 ? Payload(bytes) : null;
            return refusal == 0 ? CoapMessage.Changed : refusal;
        }

        private int WriteKey(byte[] bytes)
        {
            ForgetKey();
            int refusal = Refusal(Credentials.MaxKey);
            _key = refusal == 0 ? Payload(bytes) : null;
            return refusal == 0 ? CoapMessage.Changed : refusal;
        }

        private int Refusal(int most)
        {
            return _reader.PayloadLength == 0 ? CoapMessage.BadRequest : _reader.PayloadLength > most ? TooLarge : 0;
        }

        private int Finish()
        {
            if (!_hasUri || _identity == null || _key == null)
            {
                return CoapMessage.NotAcceptable;
            }

            Result = new Credentials(_uri.Host, _uri.Port, _identity, _key);
            return CoapMessage.Changed;
        }

        private bool Holds(byte[] bytes, string text)
        {
            return _reader.PayloadLength == text.Length && bytes[_reader.PayloadOffset] == text[0];
        }

        private byte[] Payload(byte[] bytes)
        {
            byte[] payload = new byte[_reader.PayloadLength];
            Array.Copy(bytes, _reader.PayloadOffset, payload, 0, payload.Length);
            return payload;
        }
    }
}
