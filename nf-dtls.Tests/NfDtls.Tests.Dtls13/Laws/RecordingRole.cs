using System.Collections.Generic;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Dtls13;

/// <summary>A role that does nothing but note what the extensions of a message have said.</summary>
internal sealed class RecordingRole(Version13 version, Handshake handshake) : Role13(version, handshake, new OfferedKeys())
{
    internal List<(int Group, byte[] Key)> Shares { get; } = [];

    internal List<(byte[] Identity, long Age)> Identities { get; } = [];

    internal List<int> PeerGroups { get; } = [];

    internal int RetryGroup { get; private set; }

    internal override int AskedExtensions
    {
        get { return -1; }
    }

    internal override void OnGroup(int group)
    {
        PeerGroups.Add(group);
    }

    internal override DtlsError OnRetryGroup(int group)
    {
        RetryGroup = group;
        return DtlsError.None;
    }

    internal override DtlsError OnShare(int group, byte[] buffer, int offset, int count)
    {
        Shares.Add((group, buffer[offset..(offset + count)]));
        return DtlsError.None;
    }

    internal override void OnIdentity(int index, byte[] buffer, int offset, int count, long age)
    {
        Identities.Add((buffer[offset..(offset + count)], age));
    }

    internal override void OnMessage(int type, long now)
    {
    }

    internal override DtlsError OnPassed(int type)
    {
        return DtlsError.None;
    }

    protected override DtlsError ReadOther(int type, WireReader reader)
    {
        return DtlsError.None;
    }

    protected override void WriteOther(int type, WireWriter writer)
    {
    }
}
