using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Which protocol the records carry (ALPN, RFC 7301): a client offers its list, a server takes the first of its own that the client
    /// offers. Stands in <see cref="DtlsOptions.Features"/>; <see cref="Agreement.ApplicationProtocol"/> tells what was agreed on.
    /// </summary>
    public sealed class ApplicationProtocols : Feature
    {
        private const int MaxNames = 32;
        private const int MaxLength = 255;

        // Type and length of the extension, length of the list.
        private const int Around = 6;

        private readonly ApplicationProtocolExtension _extension;
        private readonly HelloExtension[] _extensions;
        private readonly int _length;

        /// <summary>Takes the protocols, the preferred first: 1 to 32 names of 1 to 255 bytes each, which are UTF-8 on the wire ("coap", "h2").</summary>
        /// <exception cref="ArgumentException">There is none, or too many; a name is too long, empty, or there twice.</exception>
        public ApplicationProtocols(string[] names)
        {
            if (names == null || names.Length == 0 || names.Length > MaxNames)
            {
                throw new ArgumentException("There are 1 to " + MaxNames.ToString() + " protocols.", "names");
            }

            string[] copy = new string[names.Length];
            byte[][] bytes = new byte[names.Length][];
            for (int i = 0; i < names.Length; i++)
            {
                copy[i] = names[i];
                bytes[i] = Utf8.Encode(names[i], "names");
                int length = bytes[i] == null ? 0 : bytes[i].Length;
                if (length == 0 || length > MaxLength)
                {
                    throw new ArgumentException("A protocol's name has 1 to " + MaxLength.ToString() + " bytes, not " + length.ToString() + ".", "names");
                }

                for (int j = 0; j < i; j++)
                {
                    if (names[j] == names[i])
                    {
                        throw new ArgumentException("The protocol " + names[i] + " is there twice.", "names");
                    }
                }

                _length += 1 + length;
            }

            _extension = new ApplicationProtocolExtension(this, copy, bytes);
            _extensions = new HelloExtension[] { _extension };
        }

        /// <summary>
        /// Whether a peer must take part: a client that offers no protocol, and a server that chooses none, are refused
        /// (<see cref="DtlsError.NoApplicationProtocol"/>, alert no_application_protocol). Default false.
        /// </summary>
        public bool IsRequired { get; set; }

        /// <summary>
        /// Whether a server goes on, without a protocol, with a client that offers others than its own. Default false: RFC 7301 section
        /// 3.2 has it end the handshake with no_application_protocol. Not where <see cref="IsRequired"/>.
        /// </summary>
        public bool AllowsMismatch { get; set; }

        internal override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        internal override int HelloBytes
        {
            get { return Around + _length; }
        }

        internal override int EngineBytes
        {
            get { return HeapBytes.OfObject(6) + HeapBytes.OfArray(4) + _extension.PlannedBytes; }
        }

        internal int ListLength
        {
            get { return _length; }
        }

        internal override int SavedTag
        {
            get { return ApplicationProtocolExtension.ExtensionType; }
        }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            association.ApplicationProtocol = (string)handshake.GetState(_extension);
        }

        internal override void Save(Association association, WireWriter writer)
        {
            int index = _extension.IndexOf(association.ApplicationProtocol);
            if (index >= 0)
            {
                _extension.WriteName(writer, index);
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            int index = _extension.ReadName(reader);
            return index < 0 ? null : _extension.NameAt(index);
        }

        internal override void Restore(Association association, object saved)
        {
            association.ApplicationProtocol = (string)saved;
        }
    }
}
