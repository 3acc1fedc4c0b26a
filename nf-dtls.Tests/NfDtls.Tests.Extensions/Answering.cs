namespace NfDtls.Tests.Extensions;

/// <summary>Says in the place of an extension what a test wants, as a client and as a server, and takes every answer.</summary>
internal sealed class Answering : Feature
{
    internal Answering(int type, params byte[] content)
    {
        Extensions = new HelloExtension[] { new Fixed(type, content) };
    }

    internal override HelloExtension[] Extensions { get; }

    private sealed class Fixed : HelloExtension
    {
        private readonly int _type;
        private readonly byte[] _content;

        internal Fixed(int type, byte[] content)
        {
            _type = type;
            _content = content;
        }

        public override int Type
        {
            get { return _type; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return true;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            writer.WriteBytes(_content, 0, _content.Length);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            reader.Skip(reader.Remaining);
            return DtlsError.None;
        }
    }
}
