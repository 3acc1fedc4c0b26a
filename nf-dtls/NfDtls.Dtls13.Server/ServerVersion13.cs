using System;

namespace NfDtls.Dtls13.Server
{
    /// <summary>DTLS 1.3 for an endpoint that is a server: <see cref="Version13"/> with the server's half.</summary>
    public sealed class ServerVersion13 : Version13
    {
        private const int MostPlaces = 1024;
        private const int LeastHello = 256;
        private const int LongestHello = 16384;

        private int _helloPlaces;
        private int _helloBytes = 2048;

        /// <summary>Makes the version.</summary>
        /// <param name="groups">Groups for the key agreement, the preferred first, 0 to 4.</param>
        /// <param name="allowsPskAlone">Whether the pre-shared key may do without a key agreement (psk_ke).</param>
        /// <exception cref="ArgumentException">Nothing is allowed, or more than 4 groups.</exception>
        public ServerVersion13(int[] groups, bool allowsPskAlone)
            : base(groups, allowsPskAlone)
        {
        }

        /// <summary>
        /// Places in which first hellos that come in several fragments are put together, as one with a post-quantum key may. Such a hello
        /// cannot be answered by its first fragment, since the cookie needs the digest of all of it (RFC 8446 section 4.4.1), and must be kept
        /// before its address is proven. A place is kept for two <see cref="EndpointOptions.RetransmitTimeout"/>s at the most, and gives
        /// way where all are taken: the oldest one of the newcomer's host, else the oldest of all. Each takes <see cref="HelloBytes"/> and an eighth, from the
        /// making of the server on. Default 0: such a hello is refused with handshake_failure. Hellos in one fragment need none. To be set before the server is made.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not 0 to 1,024.</exception>
        public int HelloPlaces
        {
            get { return _helloPlaces; }
            set { _helloPlaces = Check(value, 0, MostPlaces); }
        }

        /// <summary>
        /// The longest hello that a place holds, in bytes: default 2,048, 256 to 16,384. One with a key of X25519MLKEM768 has some 1,400, with one
        /// of X25519 beside that 1,450. What comes with a cookie is put together in a handshake's slot (<see cref="EndpointOptions.MaxHandshakeMessage"/>).
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not 256 to 16,384.</exception>
        public int HelloBytes
        {
            get { return _helloBytes; }
            set { _helloBytes = Check(value, LeastHello, LongestHello); }
        }

        private static int Check(int value, int least, int most)
        {
            if (value < least || value > most)
            {
                throw new ArgumentOutOfRangeException("value", "It must be " + least.ToString() + " to " + most.ToString() + ", not " + value.ToString() + ".");
            }

            return value;
        }

        /// <summary>The places for first hellos.</summary>
        internal override int ServerBytes
        {
            get { return _helloPlaces == 0 ? 0 : HelloPlace.OfArray(4 * _helloPlaces) + (_helloPlaces * HelloPlace.PlannedBytes(_helloBytes)); }
        }

        /// <summary>A stranger's hello may have a post-quantum key.</summary>
        internal override bool IsShort
        {
            get { return false; }
        }

        internal override object ServerPart
        {
            get { return new ServerPart13(this); }
        }
    }
}
