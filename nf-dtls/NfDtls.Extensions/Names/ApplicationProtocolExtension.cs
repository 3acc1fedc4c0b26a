namespace NfDtls.Extensions
{
    /// <summary>application_layer_protocol_negotiation (RFC 7301 section 3.1): a list of names of a client, a list of one of a server.</summary>
    internal sealed class ApplicationProtocolExtension : HelloExtension
    {
        internal const int ExtensionType = 16;

        private readonly ApplicationProtocols _feature;
        private readonly string[] _names;
        private readonly byte[][] _bytes;

        internal ApplicationProtocolExtension(ApplicationProtocols feature, string[] names, byte[][] bytes)
        {
            _feature = feature;
            _names = names;
            _bytes = bytes;
        }

        public override int Type
        {
            get { return ExtensionType; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version12 | CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return !handshake.IsServer || handshake.GetState(this) != null;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            string chosen = (string)handshake.GetState(this);
            int list = writer.BeginVector(2);
            for (int i = 0; i < _names.Length; i++)
            {
                if (!handshake.IsServer || _names[i] == chosen)
                {
                    WriteName(writer, i);
                }
            }

            writer.EndVector(list, 2);
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            int best = _names.Length;
            int count = 0;
            int first = -1;
            int list = reader.Enter(reader.ReadUInt16());
            do
            {
                int known = ReadName(reader);
                first = count == 0 ? known : first;
                best = known >= 0 && known < best ? known : best;
                count++;
            }
            while (!reader.Failed && reader.Remaining > 0);

            reader.Leave(list);
            if (reader.Failed || (!handshake.IsServer && count > 1))
            {
                return DtlsError.DecodeError;
            }

            if (!handshake.IsServer && first < 0)
            {
                return DtlsError.IllegalParameter;
            }

            if (best < _names.Length)
            {
                handshake.SetState(this, _names[best]);
                return DtlsError.None;
            }

            return _feature.AllowsMismatch && !_feature.IsRequired ? DtlsError.None : DtlsError.NoApplicationProtocol;
        }

        public override DtlsError ReadAbsent(Handshake handshake, int messageType)
        {
            return _feature.IsRequired ? DtlsError.NoApplicationProtocol : DtlsError.None;
        }

        /// <summary>A client's session is for what it asked for; a server's for what it chose.</summary>
        public override byte[]? SessionContext(Handshake handshake)
        {
            if (handshake.IsServer)
            {
                int index = IndexOf((string)handshake.GetState(this));
                return index < 0 ? null : _bytes[index];
            }

            byte[] list = new byte[_feature.ListLength];
            WireWriter writer = new WireWriter();
            writer.Reset(list, 0, list.Length);
            for (int i = 0; i < _bytes.Length; i++)
            {
                WriteName(writer, i);
            }

            return list;
        }

        internal int PlannedBytes
        {
            get
            {
                int bytes = HeapBytes.OfObject(3) + (2 * HeapBytes.OfArray(4 * _bytes.Length));
                for (int i = 0; i < _bytes.Length; i++)
                {
                    bytes += HeapBytes.OfArray(_bytes[i].Length);
                }

                return bytes;
            }
        }

        internal string NameAt(int index)
        {
            return _names[index];
        }

        internal int IndexOf(string name)
        {
            for (int i = 0; i < _names.Length; i++)
            {
                if (_names[i] == name)
                {
                    return i;
                }
            }

            return -1;
        }

        internal void WriteName(WireWriter writer, int index)
        {
            writer.WriteUInt8(_bytes[index].Length);
            writer.WriteBytes(_bytes[index], 0, _bytes[index].Length);
        }

        /// <summary>Reads a name: which of ours it is, or -1. The reader fails where it is empty.</summary>
        internal int ReadName(WireReader reader)
        {
            int length = reader.ReadUInt8();
            int at = reader.Skip(length);
            if (length == 0)
            {
                reader.Fail();
            }

            for (int i = 0; i < _bytes.Length && !reader.Failed; i++)
            {
                if (_bytes[i].Length == length && ConstantTime.AreEqual(_bytes[i], 0, reader.Buffer, at, length))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
