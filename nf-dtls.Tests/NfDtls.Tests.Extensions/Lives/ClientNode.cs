using System;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>The client: it moves, and connects again where the other end seems to be gone.</summary>
internal sealed class ClientNode : Node
{
    private SessionResumption _resumption = new();
    private TestClient? _client;
    private byte[]? _session;
    private byte[] _address = { 192, 0, 2, 7, 0xC0, 0x01 };

    internal ClientNode(VirtualNetwork network, Random random, SealRecorder recorder, CipherSuite suite, int seed)
        : base(network, random, recorder, suite, seed)
    {
        Boot();
    }

    internal override Association? Association
    {
        get { return _client!.Association; }
    }

    protected override AssociationHost Engine
    {
        get { return _client!.Engine; }
    }

    /// <summary>A handshake, with the session that is stored where there is one.</summary>
    internal bool Connect(long milliseconds)
    {
        _client!.Engine.Reset();
        _client.Engine.Connect(Network.Now);
        if (!Network.Run(() => _client.State != AssociationState.Connecting, milliseconds) || !IsConnected)
        {
            return false;
        }

        Tally.Resumed += Association!.IsResumed ? 1 : 0;
        Tally.Full += Association.IsResumed ? 0 : 1;
        _session = _resumption.Session?.Export();

        // What is in storage is of another connection, whose peer has forgotten it.
        Stored = null;
        return true;
    }

    /// <summary>From here on its datagrams come from elsewhere, and what flies to the old address is lost.</summary>
    internal void Move()
    {
        Tally.Moves++;
        _address = new byte[] { 198, 51, 100, (byte)Random.Next(1, 255), (byte)Random.Next(256), (byte)Random.Next(256) };
        Network.Remove(_client!);
        _client = Network.Add(_client!.Engine, _address);
    }

    internal override bool TakeAsked()
    {
        Network.Flush();
        bool asked = (_client!.Events & AssociationEvents.PromiseWanted) != 0;
        _client.Events = 0;
        return asked;
    }

    protected override void Boot()
    {
        if (_client != null)
        {
            Network.Remove(_client);
        }

        _resumption = new SessionResumption { Session = _session == null ? null : ResumableSession.Import(_session) };
        _client = Network.Add(new DtlsClientEngine(MakeOptions(_resumption)), _address);
    }
}
