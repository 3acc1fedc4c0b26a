using System;
using System.Collections.Generic;
using NfDtls.Tests.Peers.Ends;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace NfDtls.Tests.Peers.Features;

// Ours has the same name.
using ProtocolVersion = Org.BouncyCastle.Tls.ProtocolVersion;

/// <summary>What BouncyCastle shall ask for beside the suite, and what it got.</summary>
internal sealed class BouncyPsk
{
    internal List<string> Protocols { get; } = [];

    internal short MaxFragmentLength { get; set; } = -1;

    internal string? ServerName { get; set; }

    internal string? ExportLabel { get; set; }

    internal byte[]? ExportContext { get; set; }

    /// <summary>Set once it is connected.</summary>
    internal volatile byte[]? Exported;

    internal volatile string? Protocol;

    internal BouncyPeer StartServer()
    {
        return BouncyPeer.StartServer(new Server(this));
    }

    internal BouncyPeer StartClient(int port)
    {
        return BouncyPeer.StartClient(new Client(this), port);
    }

    private void Note(TlsContext context)
    {
        Protocol = context.SecurityParameters.ApplicationProtocol?.GetUtf8Decoding() ?? "-";
        Exported = ExportLabel == null ? [] : context.ExportKeyingMaterial(ExportLabel, ExportContext, 32);
    }

    private IList<ProtocolName>? Names()
    {
        return Protocols.Count == 0 ? null : Protocols.ConvertAll(ProtocolName.AsUtf8Encoding);
    }

    private sealed class Client(BouncyPsk asked) : PskTlsClient(new BcTlsCrypto(new SecureRandom()), new BasicTlsPskIdentity(TestSuite.Identity, TestSuite.Key))
    {
        public override IDictionary<int, byte[]> GetClientExtensions()
        {
            IDictionary<int, byte[]> extensions = base.GetClientExtensions() ?? new Dictionary<int, byte[]>();
            if (asked.MaxFragmentLength >= 0)
            {
                TlsExtensionsUtilities.AddMaxFragmentLengthExtension(extensions, asked.MaxFragmentLength);
            }

            return extensions;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            asked.Note(m_context);
        }

        protected override IList<ProtocolName>? GetProtocolNames()
        {
            return asked.Names();
        }

        protected override IList<ServerName>? GetSniServerNames()
        {
            return asked.ServerName == null ? null : [new ServerName(NameType.host_name, System.Text.Encoding.ASCII.GetBytes(asked.ServerName))];
        }

        protected override ProtocolVersion[] GetSupportedVersions()
        {
            return ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [PskPrograms.Suite.BouncyCastle];
        }
    }

    private sealed class Server(BouncyPsk asked) : PskTlsServer(new BcTlsCrypto(new SecureRandom()), new Keys())
    {
        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            asked.Note(m_context);
        }

        protected override IList<ProtocolName>? GetProtocolNames()
        {
            return asked.Names();
        }

        protected override ProtocolVersion[] GetSupportedVersions()
        {
            return ProtocolVersion.DTLSv12.Only();
        }

        protected override int[] GetSupportedCipherSuites()
        {
            return [PskPrograms.Suite.BouncyCastle];
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
            return TestSuite.Key;
        }
    }
}
