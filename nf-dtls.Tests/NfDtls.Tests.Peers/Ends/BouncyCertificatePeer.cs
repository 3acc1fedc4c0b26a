using System;
using System.Collections.Generic;
using System.Linq;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Peers.Certificates;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using BouncyScheme = Org.BouncyCastle.Tls.SignatureScheme;

namespace NfDtls.Tests.Peers.Ends;

// Ours has the same name.
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

/// <summary>BouncyCastle with the certificates of a row. Of the other end's it wants just those of the party that it expects.</summary>
internal static class BouncyCertificatePeer
{
    internal static BouncyPeer StartServer(Row row, Party own, Party expected)
    {
        return BouncyPeer.StartServer(new Server(row, own, expected));
    }

    internal static BouncyPeer StartClient(Row row, Party own, Party expected, int port)
    {
        return BouncyPeer.StartClient(new Client(row, own, expected), port);
    }

    private static Certificate Chain(TlsCrypto crypto, Party party)
    {
        return new Certificate([.. party.Sent.Select(crypto.CreateCertificate)]);
    }

    private static TlsCredentialedSigner Signer(TlsContext context, TlsCrypto crypto, Party party, IEnumerable<SignatureAndHashAlgorithm> algorithms)
    {
        SignatureAndHashAlgorithm algorithm = algorithms.First(one => BouncyScheme.From(one) switch
        {
            BouncyScheme.ed25519 => party.Leaf.Key.Kind == CaKeyKind.Ed25519,
            BouncyScheme.ecdsa_secp256r1_sha256 => party.Leaf.Key.Kind == CaKeyKind.P256,
            BouncyScheme.ecdsa_secp521r1_sha512 => party.Leaf.Key.Kind == CaKeyKind.P521,
            BouncyScheme.ecdsa_secp384r1_sha384 => party.Leaf.Key.Kind == CaKeyKind.P384,
            _ => party.Leaf.Key.Kind is CaKeyKind.Rsa2048 or CaKeyKind.Rsa4096,
        });
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context), (BcTlsCrypto)crypto, PrivateKeyFactory.CreateKey(party.Leaf.Key.Pkcs8), Chain(crypto, party), algorithm);
    }

    private static IList<SignatureAndHashAlgorithm> Algorithms(Row row)
    {
        return [.. row.Schemes.Select(BouncyScheme.GetSignatureAndHashAlgorithm)];
    }

    private static void Check(Certificate received, Party expected)
    {
        if (received == null || received.IsEmpty)
        {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }

        if (received.Length != expected.Sent.Length)
        {
            throw new TlsFatalAlert(AlertDescription.unknown_ca);
        }

        for (int i = 0; i < received.Length; i++)
        {
            if (!received.GetCertificateAt(i).GetEncoded().SequenceEqual(expected.Sent[i]))
            {
                throw new TlsFatalAlert(AlertDescription.unknown_ca);
            }
        }
    }

    private sealed class Client(Row row, Party own, Party expected) : DefaultTlsClient(new BcTlsCrypto(new SecureRandom()))
    {
        public override TlsAuthentication GetAuthentication()
        {
            return new Authentication(this, own, expected);
        }

        protected override Org.BouncyCastle.Tls.ProtocolVersion[] GetSupportedVersions()
        {
            return Org.BouncyCastle.Tls.ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [row.Peer.BouncyCastle];
        }

        protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms()
        {
            return Algorithms(row);
        }

        protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles)
        {
            return [.. row.Groups];
        }

        private sealed class Authentication(Client client, Party own, Party expected) : TlsAuthentication
        {
            public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
            {
                Check(serverCertificate.Certificate, expected);
            }

            public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
            {
                return Signer(client.m_context, client.Crypto, own, certificateRequest.SupportedSignatureAlgorithms);
            }
        }
    }

    private sealed class Server(Row row, Party own, Party expected) : DefaultTlsServer(new BcTlsCrypto(new SecureRandom()))
    {
        public override CertificateRequest? GetCertificateRequest()
        {
            return row.IsMutual
                ? new CertificateRequest([ClientCertificateType.rsa_sign, ClientCertificateType.ecdsa_sign], Algorithms(row), null)
                : null;
        }

        public override void NotifyClientCertificate(Certificate clientCertificate)
        {
            Check(clientCertificate, expected);
        }

        public override int[] GetSupportedGroups()
        {
            return row.Groups;
        }

        protected override Org.BouncyCastle.Tls.ProtocolVersion[] GetSupportedVersions()
        {
            return Org.BouncyCastle.Tls.ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [row.Peer.BouncyCastle];
        }

        protected override TlsCredentialedSigner GetECDsaSignerCredentials()
        {
            return Signer(m_context, Crypto, own, Algorithms(row));
        }

        protected override TlsCredentialedSigner GetRsaSignerCredentials()
        {
            return Signer(m_context, Crypto, own, Algorithms(row));
        }

        protected override TlsCredentialedDecryptor GetRsaEncryptionCredentials()
        {
            return new BcDefaultTlsCredentialedDecryptor((BcTlsCrypto)Crypto, Chain(Crypto, own), PrivateKeyFactory.CreateKey(own.Leaf.Key.Pkcs8));
        }
    }
}
