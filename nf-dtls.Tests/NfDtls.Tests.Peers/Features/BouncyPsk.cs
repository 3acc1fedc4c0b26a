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

    /// <summary>Its own CID; null without the extension.</summary>
    internal byte[]? Cid { get; set; }

    /// <summary>Whether a server gives sessions an ID and keeps them. A client shows the last session that it had.</summary>
    internal bool KeepsSessions { get; set; }

    internal string? ExportLabel { get; set; }

    internal byte[]? ExportContext { get; set; }

    /// <summary>Set once it is connected.</summary>
    internal volatile byte[]? Exported;

    internal volatile string? Protocol;

    internal volatile bool Resumed;

    /// <summary>What was agreed on: the CID that it reads, and the one that it writes; null for none.</summary>
    internal volatile byte[]? OwnCid;

    internal volatile byte[]? PeerCid;

    private volatile TlsSession? _session;

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
        Resumed = context.SecurityParameters.IsResumedSession;

        // It names them by who writes them.
        OwnCid = context.SecurityParameters.ConnectionIDPeer;
        PeerCid = context.SecurityParameters.ConnectionIDLocal;
        _session = context.ResumableSession ?? _session;
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

        public override TlsSession? GetSessionToResume()
        {
            return asked._session;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            asked.Note(m_context);
        }

        protected override byte[]? GetNewConnectionID()
        {
            return asked.Cid;
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
        public override byte[] GetNewSessionID()
        {
            return asked.KeepsSessions ? SecureRandom.GetNextBytes(new SecureRandom(), 32) : TlsUtilities.EmptyBytes;
        }

        public override TlsSession? GetSessionToResume(byte[] sessionID)
        {
            return asked._session != null && asked._session.SessionID.AsSpan().SequenceEqual(sessionID) ? asked._session : null;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            asked.Note(m_context);
        }

        protected override byte[]? GetNewConnectionID()
        {
            return asked.Cid;
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
