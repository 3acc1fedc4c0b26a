namespace NfDtls.Dtls13
{
    /// <summary>
    /// What a ClientHello says that offers DTLS 1.2 beside 1.3: the extensions of both. What either has under one number, its groups
    /// or signatures, becomes one list, this version's first.
    /// </summary>
    internal static class HelloOfBoth
    {
        /// <summary>Both versions, as in <see cref="CipherSuite.VersionMask"/>.</summary>
        internal const int Mask = CipherSuite.Version12 | CipherSuite.Version13;

        private const int LongestList = 128;

        /// <summary>Whether a version has a suite that may be used.</summary>
        internal static bool HasSuite(Handshake handshake, int version)
        {
            CipherSuiteTable table = handshake.Options.Suites;
            bool has = false;
            handshake.WrittenFor = version;
            for (int i = 0; i < table.Count; i++)
            {
                has |= handshake.MayUse(table.At(i));
            }

            handshake.WrittenFor = 0;
            return has;
        }

        /// <summary>Writes the extension block.</summary>
        internal static void WriteExtensions(Handshake handshake, WireWriter writer)
        {
            HelloExtension[] all = handshake.Extensions;
            int block = writer.BeginVector(2);
            for (int i = 0; i < all.Length; i++)
            {
                if (IsWritten(handshake, all[i].Type) || !Writes(handshake, i))
                {
                    continue;
                }

                writer.WriteUInt16(all[i].Type);
                int content = writer.BeginVector(2);
                int begin = writer.Position;
                all[i].Write(handshake, HandshakeType.ClientHello, writer);
                for (int j = i + 1; j < all.Length; j++)
                {
                    if (all[j].Type == all[i].Type && Writes(handshake, j))
                    {
                        Join(handshake, all[j], writer, begin);
                    }
                }

                writer.EndVector(content, 2);
            }

            handshake.WrittenFor = 0;
            writer.EndVector(block, 2);
        }

        /// <summary>Whether the answer of a server, a ServerHello whose extension block is next in a reader, chooses by supported_versions.</summary>
        internal static bool ChoosesByExtension(WireReader reader)
        {
            WireReader rest = new WireReader();
            rest.Reset(reader.Buffer, reader.Position, reader.Remaining);
            rest.ReadUInt16();
            bool chooses = false;
            while (!rest.Failed && rest.Remaining > 0)
            {
                chooses |= rest.ReadUInt16() == SupportedVersions.Number;
                rest.Skip(rest.ReadUInt16());
            }

            return chooses;
        }

        /// <summary>Asks an extension in its own versions, and notes that the peer may answer it.</summary>
        private static bool Writes(Handshake handshake, int index)
        {
            HelloExtension extension = handshake.Extensions[index];
            int versions = extension.VersionMask & Mask;
            handshake.WrittenFor = versions;
            bool writes = versions != 0 && extension.Writes(handshake, HandshakeType.ClientHello);
            handshake.OwnExtensions |= writes ? 1 << index : 0;
            return writes;
        }

        private static bool IsWritten(Handshake handshake, int type)
        {
            HelloExtension[] all = handshake.Extensions;
            bool isWritten = false;
            for (int i = 0; i < all.Length; i++)
            {
                isWritten |= all[i].Type == type && (handshake.OwnExtensions & (1 << i)) != 0;
            }

            return isWritten;
        }

        /// <summary>Adds the numbers of an extension's list to the list that was written from a place on, where they are not in it.</summary>
        private static void Join(Handshake handshake, HelloExtension extension, WireWriter writer, int begin)
        {
            WireWriter other = new WireWriter();
            other.Reset(new byte[LongestList], 0, LongestList);
            extension.Write(handshake, HandshakeType.ClientHello, other);
            byte[] list = writer.Buffer;
            if (other.Failed || writer.Failed || !IsList(other.Buffer, 0, other.Position) || !IsList(list, begin, writer.Position))
            {
                return;
            }

            for (int at = 2; at < other.Position; at += 2)
            {
                int number = Number(other.Buffer, at);
                bool isThere = false;
                for (int i = begin + 2; i < writer.Position; i += 2)
                {
                    isThere |= Number(list, i) == number;
                }

                if (!isThere)
                {
                    writer.WriteUInt16(number);
                }
            }

            int length = writer.Position - begin - 2;
            list[begin] = (byte)(length >> 8);
            list[begin + 1] = (byte)length;
        }

        private static bool IsList(byte[] buffer, int begin, int end)
        {
            return end - begin >= 2 && Number(buffer, begin) == end - begin - 2;
        }

        private static int Number(byte[] buffer, int at)
        {
            return (buffer[at] << 8) | buffer[at + 1];
        }
    }
}
