using System;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>The server of one client: of its sessions the one that was heard of last counts.</summary>
internal sealed class ServerNode : Node
{
    private readonly TicketKeys _keys = new RotatingTicketKeys(86400);
    private DtlsServerEngine? _server;

    internal ServerNode(VirtualNetwork network, Random random, SealRecorder recorder, CipherSuite suite, int seed)
        : base(network, random, recorder, suite, seed)
    {
        Boot();
    }

    internal override Association? Association
    {
        get
        {
            Association? found = null;
            for (int i = 0; i < _server!.Places; i++)
            {
                Association? association = _server.At(i);
                if (association?.State == AssociationState.Connected && (found == null || association.LastHeard > found.LastHeard))
                {
                    found = association;
                }
            }

            return found;
        }
    }

    protected override AssociationHost Engine
    {
        get { return _server!; }
    }

    internal override bool TakeAsked()
    {
        Network.Flush();
        bool asked = false;
        foreach ((Association association, int events) in Network.ServerEvents)
        {
            // A new session has nothing in storage yet.
            asked |= association == Association && (events & (AssociationEvents.PromiseWanted | AssociationEvents.Connected)) != 0;
        }

        Network.ServerEvents.Clear();
        return asked;
    }

    protected override void Boot()
    {
        _server = new DtlsServerEngine(MakeOptions(new SessionResumption { TicketKeys = _keys }));
        Network.Server = _server;
        Network.ServerEvents.Clear();
    }
}
