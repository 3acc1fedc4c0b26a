namespace NfDtls.X509
{
    /// <summary>
    /// The form of the lists of names in a certificate (RFC 5280 sections 4.2.1.6 and 4.2.1.10). Such a list may be as long as
    /// the certificate, so it is looked at a part at a time, and nobody walks over one before that.
    /// </summary>
    internal static class GeneralNames
    {
        internal const int OtherName = DerTag.ContextConstructed;
        internal const int Email = DerTag.Context + 1;
        internal const int Dns = DerTag.Context + AltNameKind.Dns;
        internal const int Directory = DerTag.ContextConstructed + 4;
        internal const int Uri = DerTag.Context + AltNameKind.Uri;
        internal const int Ip = DerTag.Context + AltNameKind.Ip;

        /// <summary>A name is no name.</summary>
        internal const int Malformed = -1;
        /// <summary>A subtree has a minimum or maximum (RFC 5280 section 4.2.1.10 wants none).</summary>
        internal const int Limited = -2;

        /// <summary>
        /// Goes on over the names from a position on, as long as there are turns. The result is where to go on, the end when all
        /// are well-formed, or one of the above.
        /// </summary>
        /// <param name="reader">Scratch.</param>
        /// <param name="buffer">Holds the certificate.</param>
        /// <param name="at">Where a name, or the subtree that it stands for, begins.</param>
        /// <param name="end">Where the list ends.</param>
        /// <param name="areSubtrees">Whether they are those of name constraints.</param>
        /// <param name="turns">One for each name, and more for a long one.</param>
        internal static int Check(DerReader reader, byte[] buffer, int at, int end, bool areSubtrees, ref int turns)
        {
            reader.Reset(buffer, at, end - at);
            while (!reader.IsAtEnd && turns > 0)
            {
                at = reader.Position;
                if (!areSubtrees)
                {
                    ReadName(reader, 4, 16);
                }
                else if (!ReadSubtree(reader) && !reader.Failed)
                {
                    return Limited;
                }

                turns -= 1 + ((reader.Position - at) >> 4);
            }

            return reader.Failed ? Malformed : reader.Position;
        }

        /// <summary>A GeneralSubtree: a name, and perhaps a minimum, whose default of 0 may be spelled out, and a maximum. False where these say something.</summary>
        private static bool ReadSubtree(DerReader reader)
        {
            reader.Enter(DerTag.Sequence);
            ReadName(reader, 8, 32);
            bool isWhole = true;
            if (reader.Tag == DerTag.Context)
            {
                isWhole = reader.ReadAny() && reader.Length == 1 && reader.Buffer[reader.Offset] == 0;
            }

            if (reader.Tag == DerTag.Context + 1)
            {
                reader.ReadAny();
                isWhole = false;
            }

            reader.Leave();
            return isWhole;
        }

        private static void ReadName(DerReader reader, int ipv4Length, int ipv6Length)
        {
            switch (reader.Tag)
            {
                case Directory:
                    reader.Enter(Directory);
                    NameReader.Read(reader);
                    reader.Leave();
                    break;
                case Ip:
                    if (reader.ReadAny() && reader.Length != ipv4Length && reader.Length != ipv6Length)
                    {
                        reader.Fail();
                    }

                    break;
                case Email:
                case Dns:
                case Uri:
                case DerTag.Context + 8:
                case OtherName:
                case DerTag.ContextConstructed + 3:
                case DerTag.ContextConstructed + 5:
                    reader.ReadAny();
                    break;
                default:
                    reader.Fail();
                    break;
            }
        }
    }
}
