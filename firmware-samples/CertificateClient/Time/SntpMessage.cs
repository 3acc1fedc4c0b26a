namespace NfDtls.Samples.CertificateClient
{
    /// <summary>A request of SNTP version 4, and what its reply says (RFC 4330 sections 4 and 5; RFC 5905 section 7.3).</summary>
    internal sealed class SntpMessage
    {
        /// <summary>Bytes of either; what an authenticator or extension adds stands behind.</summary>
        internal const int Length = 48;

        /// <summary>Bytes of a time stamp.</summary>
        internal const int StampLength = 8;

        // No leap second, version 4, mode 3: a client.
        private const byte ClientOfVersion4 = 0x23;
        private const int ServerMode = 4;
        private const int Unsynchronized = 3;
        private const int MostStratum = 15;

        // Where the fields stand: a byte or two words of 32 bits.
        private const int Stratum = 1;
        private const int RootDispersion = 8;
        private const int KissCode = 12;
        private const int Originate = 24;
        private const int Transmit = 40;

        // MAXDISP of RFC 5905 section 7.2, in 65,536ths of a second.
        private const long MostDispersion = 16 * 65536;

        // Seconds from 1900 to 1970, and those of an era.
        private const long UnixEpoch = 2208988800;
        private const long Era = 4294967296;

        private readonly byte[] _bytes = new byte[Length];

        /// <summary>The message, on its way out or in.</summary>
        internal byte[] Bytes
        {
            get { return _bytes; }
        }

        /// <summary>Whether the server asks to be left alone for good (RFC 4330 section 8).</summary>
        internal bool IsDenial
        {
            get { return _bytes[Stratum] == 0 && (Kiss == "DENY" || Kiss == "RSTR"); }
        }

        /// <summary>
        /// Why the time of a reply is not to be believed, or null. A server says of itself when it has none: by stratum 0 ("kiss-o'-death"),
        /// or while it has not been set.
        /// </summary>
        internal string Fault
        {
            get
            {
                if (_bytes[Stratum] == 0)
                {
                    return "it refuses (" + Kiss + ")";
                }

                bool isSet = _bytes[0] >> 6 != Unsynchronized && _bytes[Stratum] <= MostStratum && Word(RootDispersion) < MostDispersion;
                return !isSet ? "its own clock is not set" : Word(Transmit) == 0 ? "it gives no time" : null;
            }
        }

        /// <summary>The time of a reply, in milliseconds since 1970. The seconds of NTP begin anew in 2036 (RFC 4330 section 3).</summary>
        internal long UtcMilliseconds
        {
            get
            {
                long seconds = Word(Transmit);
                seconds += seconds < Era / 2 ? Era : 0;
                return ((seconds - UnixEpoch) * 1000) + ((Word(Transmit + 4) * 1000) / Era);
            }
        }

        private string Kiss
        {
            get
            {
                string code = "";
                for (int i = KissCode; i < KissCode + 4; i++)
                {
                    code += _bytes[i] >= 'A' && _bytes[i] <= 'Z' ? ((char)_bytes[i]).ToString() : "?";
                }

                return code;
            }
        }

        /// <summary>
        /// Makes it a request. In place of our time, which nobody needs and which there may not be, stands a number that cannot be guessed: who
        /// does not see the request cannot answer it.
        /// </summary>
        internal void WriteRequest(byte[] stamp)
        {
            for (int i = 0; i < Length; i++)
            {
                _bytes[i] = i < Transmit ? (byte)0 : stamp[i - Transmit];
            }

            _bytes[0] = ClientOfVersion4;
        }

        /// <summary>Whether so many bytes that came are a server's answer to the request with this stamp.</summary>
        internal bool Answers(byte[] stamp, int length)
        {
            bool answers = length >= Length && (_bytes[0] & 7) == ServerMode;
            for (int i = 0; i < StampLength && answers; i++)
            {
                answers = _bytes[Originate + i] == stamp[i];
            }

            return answers;
        }

        private long Word(int offset)
        {
            return ((long)_bytes[offset] << 24) | ((long)_bytes[offset + 1] << 16) | ((long)_bytes[offset + 2] << 8) | _bytes[offset + 3];
        }
    }
}
