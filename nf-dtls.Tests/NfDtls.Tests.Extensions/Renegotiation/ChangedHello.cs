using System;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>Puts an extension of its own in the place of another while a connection renegotiates, or leaves that out, or changes the hello.</summary>
internal sealed class ChangedHello : Feature
{
    private readonly HelloExtension[] _extensions;

    internal ChangedHello(HelloExtension inner, Func<bool>? writes = null, Action<byte[], int, int>? complete = null)
    {
        _extensions = new HelloExtension[] { new Changed(inner, writes, complete) };
    }

    internal override HelloExtension[] Extensions
    {
        get { return _extensions; }
    }

    private sealed class Changed : HelloExtension
    {
        private readonly HelloExtension _inner;
        private readonly Func<bool>? _writes;
        private readonly Action<byte[], int, int>? _complete;

        internal Changed(HelloExtension inner, Func<bool>? writes, Action<byte[], int, int>? complete)
        {
            _inner = inner;
            _writes = writes;
            _complete = complete;
        }

        public override int Type
        {
            get { return _inner.Type; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return _inner.Writes(handshake, messageType) && (!handshake.IsRenegotiation || _writes == null || _writes());
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            _inner.Write(handshake, messageType, writer);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return _inner.Read(handshake, messageType, reader);
        }

        public override void Complete(Handshake handshake, byte[] body, int offset, int count)
        {
            if (handshake.IsRenegotiation)
            {
                _complete?.Invoke(body, offset, count);
            }
        }
    }
}
