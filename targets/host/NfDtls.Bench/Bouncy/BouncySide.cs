using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Org.BouncyCastle.X509;

namespace NfDtls.Bench;

// Ours has the same name.
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

/// <summary>What BouncyCastle's ends are told.</summary>
internal sealed class BouncySide
{
    private readonly Row _row;
    private readonly Org.BouncyCastle.X509.X509Certificate? _root;
    private readonly byte[] _leaf = [];
    private readonly AsymmetricKeyParameter? _key;
    private TlsSession? _clients;
    private TlsSession? _servers;

    internal BouncySide(Row row, string folder)
    {
        _row = row;
        if (!OurOptions.HasCertificates(row))
        {
            return;
        }

        using X509Certificate2 root = X509Certificate2.CreateFromPem(File.ReadAllText(Identities.File(folder, row.Suite, "root")));
        using X509Certificate2 leaf = X509Certificate2.CreateFromPemFile(Identities.File(folder, row.Suite, "leaf"), Identities.File(folder, row.Suite, "key"));
        _root = new X509CertificateParser().ReadCertificate(root.RawData);
        _leaf = leaf.RawData;
        _key = PrivateKeyFactory.CreateKey(row.Suite == Suite.RsaGcm ? leaf.GetRSAPrivateKey()!.ExportPkcs8PrivateKey() : leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKey());
    }

    internal BcTlsCrypto Crypto { get; } = new(new SecureRandom());

    private int SuiteNumber => _row.Suite switch
    {
        Suite.PskCcm8 => Org.BouncyCastle.Tls.CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
        Suite.PskGcm => Org.BouncyCastle.Tls.CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
        Suite.EcdsaGcm => Org.BouncyCastle.Tls.CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        _ => Org.BouncyCastle.Tls.CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    };

    internal TlsClient MakeClient()
    {
        return OurOptions.HasCertificates(_row) ? new CertificateClient(this) : new PskClient(this);
    }

    internal TlsServer MakeServer()
    {
        return OurOptions.HasCertificates(_row) ? new CertificateServer(this) : new PskServer(this);
    }

    private void KeepClients(TlsSession session)
    {
        _clients = _row.IsResumed ? session : null;
    }

    private void KeepServers(TlsSession session)
    {
        _servers = _row.IsResumed ? session : null;
    }

    private TlsSession? FindServers(byte[] id)
    {
        return _servers != null && id.AsSpan().SequenceEqual(_servers.SessionID) ? _servers : null;
    }

    private byte[]? NewId()
    {
        return _row.IsResumed ? Crypto.CreateNonceGenerator([]).GenerateNonce(32) : null;
    }

    private sealed class PskClient(BouncySide side) : PskTlsClient(side.Crypto, new BasicTlsPskIdentity(Identities.PskIdentity, Identities.Psk))
    {
        public override TlsSession? GetSessionToResume()
        {
            return side._clients;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            side.KeepClients(m_context.Session);
        }

        protected override ProtocolVersion[] GetSupportedVersions()
        {
            return ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [side.SuiteNumber];
        }
    }

    private sealed class PskServer(BouncySide side) : PskTlsServer(side.Crypto, new Keys())
    {
        public override TlsSession? GetSessionToResume(byte[] sessionID)
        {
            return side.FindServers(sessionID);
        }

        public override byte[]? GetNewSessionID()
        {
            return side.NewId();
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            side.KeepServers(m_context.Session);
        }

        protected override ProtocolVersion[] GetSupportedVersions()
        {
            return ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [side.SuiteNumber];
        }
    }

    private sealed class Keys : TlsPskIdentityManager
    {
        public byte[] GetHint()
        {
            return [];
        }

        public byte[] GetPsk(byte[] identity)
        {
            return Identities.Psk;
        }
    }

    private sealed class CertificateClient(BouncySide side) : DefaultTlsClient(side.Crypto)
    {
        public override TlsSession? GetSessionToResume()
        {
            return side._clients;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            side.KeepClients(m_context.Session);
        }

        public override TlsAuthentication GetAuthentication()
        {
            return new Authentication(side._root!);
        }

        protected override ProtocolVersion[] GetSupportedVersions()
        {
            return ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [side.SuiteNumber];
        }

        protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles)
        {
            return [Org.BouncyCastle.Tls.NamedGroup.secp256r1];
        }

        /// <summary>Its library has no check of chains for TLS; what is done here is the least: the root's signature.</summary>
        private sealed class Authentication(Org.BouncyCastle.X509.X509Certificate root) : TlsAuthentication
        {
            public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
            {
                new X509CertificateParser().ReadCertificate(serverCertificate.Certificate.GetCertificateAt(0).GetEncoded()).Verify(root.GetPublicKey());
            }

            public TlsCredentials? GetClientCredentials(Org.BouncyCastle.Tls.CertificateRequest certificateRequest)
            {
                return null;
            }
        }
    }

    private sealed class CertificateServer(BouncySide side) : DefaultTlsServer(side.Crypto)
    {
        public override TlsSession? GetSessionToResume(byte[] sessionID)
        {
            return side.FindServers(sessionID);
        }

        public override byte[]? GetNewSessionID()
        {
            return side.NewId();
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            side.KeepServers(m_context.Session);
        }

        public override int[] GetSupportedGroups()
        {
            return [Org.BouncyCastle.Tls.NamedGroup.secp256r1];
        }

        protected override ProtocolVersion[] GetSupportedVersions()
        {
            return ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [side.SuiteNumber];
        }

        protected override TlsCredentialedSigner GetECDsaSignerCredentials()
        {
            return Signer(SignatureAlgorithm.ecdsa);
        }

        protected override TlsCredentialedSigner GetRsaSignerCredentials()
        {
            return Signer(SignatureAlgorithm.rsa);
        }

        private BcDefaultTlsCredentialedSigner Signer(short algorithm)
        {
            return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(m_context), side.Crypto, side._key, new Certificate([side.Crypto.CreateCertificate(side._leaf)]),
                new SignatureAndHashAlgorithm(Org.BouncyCastle.Tls.HashAlgorithm.sha256, algorithm));
        }
    }
}
