using System;

namespace NfDtls
{
    /// <summary>The extension block of a message: walks the bytes, the registered extensions read and write their own.</summary>
    internal static class ExtensionBlock
    {
        /// <summary>pre_shared_key: nothing may stand behind it (RFC 8446 section 4.2.11).</summary>
        internal const int LastType = 41;

        private const int MaxExtensions = 64;

        // Sets of extensions are the bits of an int.
        private const int MaxRegistered = 31;

        /// <summary>
        /// The extensions of an endpoint: its features', its versions', the application's, then those that its suites and its authentication need. Of
        /// two with one type in one version the first counts, so an application can put its own in another's place.
        /// </summary>
        internal static HelloExtension[] Gather(EndpointOptions options, VersionTable versions)
        {
            HelloExtension[] all = new HelloExtension[MaxRegistered];
            int count = Add(all, 0, options.FeatureExtensions);
            for (int i = 0; i < versions.Count; i++)
            {
                count = Add(all, count, versions.At(i).CreateExtensions());
            }

            count = Add(all, count, options.Extensions);
            for (int i = 0; i < options.Suites.Count; i++)
            {
                count = Add(all, count, options.Suites.At(i).KeyExchange.Extensions);
            }

            if (options.Authenticator != null)
            {
                count = Add(all, count, options.Authenticator.Extensions);
            }

            HelloExtension[] gathered = new HelloExtension[count];
            Array.Copy(all, gathered, count);
            int last = IndexOf(gathered, count, LastType);
            if (last >= 0)
            {
                gathered[last] = gathered[count - 1];
                gathered[count - 1] = all[last];
            }

            return gathered;
        }

        private static int Add(HelloExtension[] all, int count, HelloExtension[] some)
        {
            for (int i = 0; some != null && i < some.Length; i++)
            {
                if (IndexOf(all, count, some[i].Type, some[i].VersionMask) >= 0)
                {
                    continue;
                }

                if (count == all.Length)
                {
                    throw new ArgumentException("DtlsOptions.Extensions, Suites and Authenticator together may have " + (MaxRegistered - 3).ToString() + " extensions.");
                }

                all[count] = some[i];
                count++;
            }

            return count;
        }

        /// <summary>Writes a block with its length, or nothing at all where no extension has something to say.</summary>
        internal static void Write(Handshake handshake, int messageType, WireWriter writer)
        {
            HelloExtension[] extensions = handshake.Extensions;
            bool any = false;
            int block = 0;
            for (int i = 0; i < extensions.Length; i++)
            {
                bool asked = !handshake.IsServer || (handshake.PeerExtensions & (1 << i)) != 0;
                if (!asked || !IsKnown(handshake, i) || !handshake.Role.MayCarry(extensions[i], messageType) || !extensions[i].Writes(handshake, messageType))
                {
                    continue;
                }

                if (!any)
                {
                    block = writer.BeginVector(2);
                    any = true;
                }

                writer.WriteUInt16(extensions[i].Type);
                int content = writer.BeginVector(2);
                extensions[i].Write(handshake, messageType, writer);
                writer.EndVector(content, 2);
                handshake.OwnExtensions |= 1 << i;
            }

            if (any)
            {
                writer.EndVector(block, 2);
            }
        }

        /// <summary>
        /// Reads what is left of a hello: a block, or nothing. A server ignores what it does not know; a client refuses what
        /// it did not ask for. The same extension twice is a decode_error.
        /// </summary>
        internal static DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            HelloExtension[] extensions = handshake.Extensions;
            if (reader.Remaining > 0)
            {
                int outer = reader.Enter(reader.ReadUInt16());
                DtlsError error = CheckShape(reader);
                while (error == DtlsError.None && reader.Remaining > 0)
                {
                    int type = reader.ReadUInt16();
                    int block = reader.Enter(reader.ReadUInt16());
                    int index = IndexOf(extensions, extensions.Length, type, handshake.VersionMask);
                    if (!handshake.IsServer && (index < 0 || (handshake.Role.AskedExtensions & (1 << index)) == 0))
                    {
                        return DtlsError.UnsupportedExtension;
                    }

                    if (index < 0)
                    {
                        reader.Skip(reader.Remaining);
                    }
                    else if (!handshake.Role.MayCarry(extensions[index], messageType))
                    {
                        error = DtlsError.IllegalParameter;
                    }
                    else
                    {
                        handshake.PeerExtensions |= 1 << index;
                        error = extensions[index].Read(handshake, messageType, reader);
                    }

                    // Where that fails, nothing remains, and the end is not where it should be.
                    reader.Leave(block);
                }

                if (error != DtlsError.None)
                {
                    return error;
                }

                reader.Leave(outer);
            }

            if (!reader.IsAtEnd)
            {
                return DtlsError.DecodeError;
            }

            for (int i = 0; i < extensions.Length; i++)
            {
                if ((handshake.PeerExtensions & (1 << i)) == 0 && IsKnown(handshake, i) && handshake.Role.MayCarry(extensions[i], messageType))
                {
                    DtlsError error = extensions[i].ReadAbsent(handshake, messageType);
                    if (error != DtlsError.None)
                    {
                        return error;
                    }
                }
            }

            return DtlsError.None;
        }

        /// <summary>Whether the peer's hello has an extension that is registered here.</summary>
        internal static bool IsOfPeer(Handshake handshake, int type)
        {
            int index = IndexOf(handshake.Extensions, handshake.Extensions.Length, type, handshake.VersionMask);
            return index >= 0 && (handshake.PeerExtensions & (1 << index)) != 0;
        }

        private static bool IsKnown(Handshake handshake, int index)
        {
            return (handshake.Extensions[index].VersionMask & handshake.VersionMask) != 0;
        }

        /// <summary>Whether a type stands in a list of extensions: its index, or -1.</summary>
        internal static int IndexOf(HelloExtension[] extensions, int count, int type)
        {
            return IndexOf(extensions, count, type, -1);
        }

        /// <summary>The same for one that some versions have: two of one type may stand there for different ones.</summary>
        internal static int IndexOf(HelloExtension[] extensions, int count, int type, int versions)
        {
            for (int i = 0; i < count; i++)
            {
                if (extensions[i].Type == type && (extensions[i].VersionMask & versions) != 0)
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>Whether what is left in a reader is extensions of lengths that fit, no type twice. The reader stays where it is.</summary>
        internal static bool IsShaped(WireReader reader)
        {
            return CheckShape(reader) == DtlsError.None;
        }

        /// <summary>Looks over the block before anything acts on it: lengths that fit, no type twice. The reader stays where it is.</summary>
        private static DtlsError CheckShape(WireReader reader)
        {
            if (reader.Failed)
            {
                return DtlsError.DecodeError;
            }

            byte[] buffer = reader.Buffer;
            int begin = reader.Position;
            int end = begin + reader.Remaining;
            int seen = 0;
            for (int at = begin; at < end; seen++)
            {
                if (end - at < 4 || seen == MaxExtensions)
                {
                    return DtlsError.DecodeError;
                }

                int next = at + 4 + ((buffer[at + 2] << 8) | buffer[at + 3]);
                if (next > end)
                {
                    return DtlsError.DecodeError;
                }

                for (int earlier = begin; earlier < at; earlier += 4 + ((buffer[earlier + 2] << 8) | buffer[earlier + 3]))
                {
                    if (buffer[earlier] == buffer[at] && buffer[earlier + 1] == buffer[at + 1])
                    {
                        return DtlsError.DecodeError;
                    }
                }

                at = next;
            }

            return DtlsError.None;
        }
    }
}
