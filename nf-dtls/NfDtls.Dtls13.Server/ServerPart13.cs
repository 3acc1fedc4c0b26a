using System;
using NfDtls.Server;

namespace NfDtls.Dtls13.Server
{
    /// <summary>DTLS 1.3 as a server has it: a HelloRetryRequest asks for the cookie, always, since it may also ask for a group.</summary>
    internal sealed class ServerPart13 : ServerVersion
    {
        private const int HeaderLength = 4;
        private const int LongestRetry = 160;

        private readonly Version13 _version;
        private readonly HelloScan _scan = new HelloScan();
        private readonly byte[] _said = new byte[Retry.HeadLength + Retry.LongestDigest];
        private FirstKey _firstKey;
        private readonly HelloPlaces _places;
        private HashContext _sha256;
        private HashContext _sha384;
        private int _saidLength;
        private int _alert = Alert.None;

        internal ServerPart13(ServerVersion13 version)
            : base(version)
        {
            _version = version;
            _places = version.HelloPlaces > 0 ? new HelloPlaces(version.HelloPlaces, version.HelloBytes) : null;
        }

        internal override bool AlwaysAsks
        {
            get { return true; }
        }

        /// <summary>Each key has another for the numbers. Beside those in use a session reads with one before them, of the handshake or of an update.</summary>
        internal override int KeysASession
        {
            get { return 6; }
        }

        /// <summary>Those of the handshake and those of data.</summary>
        internal override int KeysAHandshake
        {
            get { return 8; }
        }

        /// <summary>The hashes of first hellos, one that is used and forgotten, and the next keys of a session before the last ones are gone.</summary>
        internal override int SharedContexts
        {
            get { return 5; }
        }

        internal override bool Claims(ClientHello hello, WireReader rest)
        {
            _scan.Read(rest);

            // What does not say yet whether it is this version's is kept until it does, as far as it can be.
            return _scan.IsOffered || (Part != null && _places != null && _scan.IsCut && hello.CookieLength == 0 && _places.HasRoomFor(Part));
        }

        internal override bool Collects(DtlsServerEngine engine, long now)
        {
            return _places != null && _places.Has(engine, now);
        }

        internal override byte[] Collect(DtlsServerEngine engine, byte[] buffer, long now)
        {
            return _places.Continue(engine, buffer, now);
        }

        internal override HandshakeRole CreateRole(ServerHandshake slot, DtlsServerEngine engine)
        {
            return new Server13(_version, slot, engine);
        }

        internal override int Judge(DtlsServerEngine engine, CookieSecret cookies, byte[] buffer, ClientHello hello, long now)
        {
            bool hasCookie = _scan.CookieLength != 0;
            if (!hasCookie && Part != null && _places != null && _places.Keep(engine, buffer, now))
            {
                return CookieSecret.Kept;
            }

            _alert = hasCookie ? Alert.IllegalParameter : Alert.None;
            _saidLength = _scan.CookieLength - CookieSecret.Length;
            if (hasCookie && (_saidLength < Retry.HeadLength || _saidLength > _said.Length))
            {
                return CookieSecret.Invalid;
            }

            if (hasCookie)
            {
                // What the cookie says follows what authenticates it.
                Array.Copy(buffer, _scan.Cookie + CookieSecret.Length, _said, 0, _saidLength);
                hello.Cookie = _scan.Cookie;
                hello.CookieLength = CookieSecret.Length;
            }
            else if (!Prepare(engine, buffer, hello, now))
            {
                return CookieSecret.Invalid;
            }
            else
            {
                hello.CookieLength = 0;
            }

            return cookies.Judge(engine.PeerAddress, engine.PeerAddressLength, buffer, hello, _said, _saidLength, now);
        }

        /// <summary>
        /// Asks by a HelloRetryRequest. A hello with a cookie that is wrong, or one that nothing can be agreed on with, is refused, and so is one
        /// that came in pieces before its address was proven, since its digest would have to be kept.
        /// </summary>
        internal override void Challenge(PlainAnswers answers, CookieSecret cookies)
        {
            if (_alert != Alert.None)
            {
                answers.SendAlert(_alert);
                return;
            }

            byte[] cookie = new byte[CookieSecret.Length + _saidLength];
            cookies.Write(cookie, 0);
            Array.Copy(_said, 0, cookie, CookieSecret.Length, _saidLength);
            byte[] body = new byte[LongestRetry];
            WireWriter writer = new WireWriter();
            writer.Reset(body, 0, body.Length);
            Retry.Write(writer, cookie, 0, cookie.Length);
            answers.SendMessage(HandshakeType.ServerHello, body, writer.Length);
        }

        /// <summary>Chooses for a first hello what a cookie is to say of it; false, with the alert, where that is nothing.</summary>
        private bool Prepare(DtlsServerEngine engine, byte[] buffer, ClientHello hello, long now)
        {
            MessageHeader message = engine.MessageHeader;
            if (Part != null)
            {
                _alert = Alert.HandshakeFailure;
                return false;
            }

            bool isSigned = _scan.HasSignatures && Exchange13.HasProof(engine.Options, true);
            bool hasShare;
            int group = _scan.ChooseGroup(_version, engine.Crypto, buffer, isSigned, out hasShare);
            CipherSuite suite = ChooseSuite(engine, buffer, now);
            if (!_scan.IsComplete)
            {
                _alert = Alert.MissingExtension;
                return false;
            }

            if (suite == null || (group == 0 && !(_version.AllowsPskAlone && _scan.OffersPskAlone(buffer))))
            {
                _alert = Alert.HandshakeFailure;
                return false;
            }

            Retry.WriteHead(_said, suite.Id, hasShare ? 0 : group);
            HashContext hash = HashOf(engine, suite.Hash);
            byte[] header = new byte[HeaderLength];
            header[0] = HandshakeType.ClientHello;
            header[1] = (byte)(message.MessageLength >> 16);
            header[2] = (byte)(message.MessageLength >> 8);
            header[3] = (byte)message.MessageLength;
            hash.Reset();
            hash.Update(header, 0, HeaderLength);
            hash.Update(buffer, hello.Random - 2, message.MessageLength);
            hash.Peek(_said, Retry.HeadLength);
            _saidLength = Retry.HeadLength + CryptoAlgorithm.HashSize(suite.Hash);
            return true;
        }

        private HashContext HashOf(DtlsServerEngine engine, int hash)
        {
            if (hash == CryptoAlgorithm.Sha384)
            {
                return _sha384 = _sha384 != null ? _sha384 : engine.Crypto.CreateHash(hash);
            }

            return _sha256 = _sha256 != null ? _sha256 : engine.Crypto.CreateHash(hash);
        }

        /// <summary>The first suite of ours that the client has; of those of two hashes the first that goes with the key which will be taken.</summary>
        private CipherSuite ChooseSuite(DtlsServerEngine engine, byte[] buffer, long now)
        {
            CipherSuite first = FindSuite(engine, buffer, 0);
            CipherSuite other = first == null ? null : FindSuite(engine, buffer, first.Hash);
            if (other == null)
            {
                return first;
            }

            _firstKey = _firstKey != null ? _firstKey : new FirstKey();
            return _firstKey.HashOf(_version, engine, buffer, _scan, now) == other.Hash ? other : first;
        }

        /// <summary>The first suite of ours that the client has, and that has not a hash.</summary>
        private CipherSuite FindSuite(DtlsServerEngine engine, byte[] buffer, int exceptHash)
        {
            CipherSuiteTable suites = engine.Options.Suites;
            for (int i = 0; i < suites.Count; i++)
            {
                CipherSuite suite = suites.At(i);
                bool isUsable = suite.Hash != exceptHash && Server13.MayUse(suite, engine.Options, engine.Crypto);
                for (int at = 0; isUsable && at + 2 <= _scan.SuitesLength; at += 2)
                {
                    if (((buffer[_scan.Suites + at] << 8) | buffer[_scan.Suites + at + 1]) == suite.Id)
                    {
                        return suite;
                    }
                }
            }

            return null;
        }
    }
}
