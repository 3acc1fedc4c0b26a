using System;
using NfDtls.Server;

namespace NfDtls.Dtls13.Server
{
    /// <summary>The key that a hello of which nothing was kept yet will most likely be answered by: what its hash is decides between suites.</summary>
    internal sealed class FirstKey
    {
        private readonly WireReader _identities = new WireReader();
        private readonly WireReader _reader = new WireReader();

        /// <summary>The hash of the first identity that is a ticket of ours or may be a key of the application's; 0 where none is.</summary>
        internal int HashOf(Version13 version, DtlsServerEngine engine, byte[] buffer, HelloScan scan, long now)
        {
            _identities.Reset(buffer, scan.Keys, scan.KeysLength);
            _identities.Enter(_identities.ReadUInt16());
            int hash = 0;
            while (hash == 0 && _identities.Remaining > 0)
            {
                int length = _identities.ReadUInt16();
                int at = _identities.Skip(length);
                _identities.Skip(4);
                hash = _identities.Failed ? 0 : HashOf(version, engine, buffer, at, length, now);
            }

            return hash;
        }

        private int HashOf(Version13 version, DtlsServerEngine engine, byte[] buffer, int at, int length, long now)
        {
            if (engine.Resumption != null)
            {
                byte[] ticket = new byte[length];
                Array.Copy(buffer, at, ticket, 0, length);
                CipherSuite suite = engine.Options.Suites.Find(engine.Resumption.SuiteOf(engine, ticket, now));
                if (suite != null)
                {
                    return suite.Hash;
                }
            }

            int external;
            int externalLength;
            return version.Importer != null ? PskImporter.Read(_reader, buffer, at, length, out external, out externalLength)
                : length <= PskStore.MaxIdentityLength ? CryptoAlgorithm.Sha256 : 0;
        }
    }
}
