using System;
using System.Collections.Generic;

namespace NfDtls.Tests.Engine;

/// <summary>A client at an address of the <see cref="VirtualNetwork"/>.</summary>
internal sealed class TestClient
{
    internal TestClient(DtlsClientEngine engine, byte[] address)
    {
        Engine = engine;
        Address = address;
    }

    internal DtlsClientEngine Engine { get; }

    internal byte[] Address { get; }

    internal Association Association
    {
        get { return Engine.Association; }
    }

    internal AssociationState State
    {
        get { return Engine.Association.State; }
    }

    /// <summary>All events so far.</summary>
    internal int Events { get; set; }

    internal int TakeEvents()
    {
        int events = Engine.TakeEvents();
        Events |= events;
        return events;
    }

    /// <summary>Everything that is waiting to be received.</summary>
    internal List<byte[]> ReceiveAll()
    {
        List<byte[]> all = new();
        byte[] buffer = new byte[20_000];
        while (Association.Pending > 0)
        {
            int length = Association.Receive(buffer, 0);
            all.Add(buffer.AsSpan(0, length).ToArray());
        }

        return all;
    }
}
