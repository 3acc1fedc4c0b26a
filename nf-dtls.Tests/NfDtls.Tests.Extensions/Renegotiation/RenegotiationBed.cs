using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions.Renegotiations;

/// <summary>A client and a server that may renegotiate, connected.</summary>
internal sealed class RenegotiationBed
{
    internal RenegotiationBed(int seed = 1, Action<DtlsOptions, bool>? change = null)
    {
        DtlsOptions client = Options(seed, ClientFeature);
        DtlsOptions server = Options(seed + 1000, ServerFeature);
        change?.Invoke(client, false);
        change?.Invoke(server, true);
        Bed = new TestBed(client, server, seed);
    }

    internal TestBed Bed { get; }

    internal Renegotiation ClientFeature { get; } = new() { AllowPeer = true };

    internal Renegotiation ServerFeature { get; } = new() { AllowPeer = true };

    internal VirtualNetwork Network
    {
        get { return Bed.Network; }
    }

    internal Association Client
    {
        get { return Bed.Client.Association; }
    }

    internal Association Server
    {
        get { return Bed.ServerAssociation!; }
    }

    internal static DtlsOptions Options(int seed, Renegotiation feature)
    {
        DtlsOptions options = TestBed.Options(seed);
        options.Features = new Feature[] { feature };
        return options;
    }

    internal RenegotiationBed Connect()
    {
        Bed.Connect();
        return this;
    }

    internal void BeginFromClient()
    {
        Bed.Client.Engine.Renegotiate(Client, Network.Now);
    }

    internal void BeginFromServer()
    {
        Bed.Server.Renegotiate(Server, Network.Now);
    }

    /// <summary>Both ends read and write in an epoch, and no handshake runs.</summary>
    internal bool IsIn(long epoch)
    {
        Association? server = Bed.ServerAssociation;
        return server != null && IsIn(Client, epoch) && IsIn(server, epoch);
    }

    internal void VerifyIn(long epoch)
    {
        Assert.IsTrue(Network.Run(() => IsIn(epoch), 3_600_000), "Epoch " + epoch + " was not reached: " + Describe(Client) + ", " + Describe(Bed.ServerAssociation));
    }

    internal static string Describe(Association? association)
    {
        return association == null ? "none" : association.State + " " + association.LastError + " reads " + association.ReadEpoch?.Number + " writes " + association.WriteEpoch?.Number
            + (association.Handshake == null ? "" : " handshaking");
    }

    private static bool IsIn(Association association, long epoch)
    {
        return association.State == AssociationState.Connected && association.Handshake == null && association.ReadEpoch.Number == epoch && association.WriteEpoch.Number == epoch;
    }
}
