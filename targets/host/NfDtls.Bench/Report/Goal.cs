using System.Collections.Generic;

namespace NfDtls.Bench;

/// <summary>What must hold: a contestant's speed in a row by another's.</summary>
internal sealed record Goal(string Row, string Contestant, string Other, double Least)
{
    internal static IReadOnlyList<Goal> All { get; } = [.. Make()];

    private static IEnumerable<Goal> Make()
    {
        const string Best = Bench.Contestant.OpenSslProvider;
        const string Bouncy = Bench.Contestant.Bouncy;
        const string OpenSsl = Bench.Contestant.OpenSsl;
        yield return new Goal("handshake/psk-ccm8/full/1.2/memory", Best, Bouncy, 10);
        yield return new Goal("handshake/psk-ccm8/full/1.2/memory", Best, OpenSsl, 4);
        yield return new Goal("handshake/ecdsa-gcm/full/1.2/memory", Best, Bouncy, 6);
        yield return new Goal("handshake/ecdsa-gcm/full/1.2/memory", Best, OpenSsl, 2.5);
        yield return new Goal("handshake/ecdsa-gcm/first/1.2/memory", Best, OpenSsl, 2.5);
        yield return new Goal("handshake/rsa-gcm/full/1.2/memory", Best, Bouncy, 12);
        yield return new Goal("handshake/rsa-gcm/full/1.2/memory", Best, OpenSsl, 1);
        yield return new Goal("echo/psk-ccm8/64/1.2/memory", Best, Bouncy, 4);
        yield return new Goal("echo/psk-ccm8/64/1.2/memory", Best, OpenSsl, 1.6);
        yield return new Goal("echo/psk-gcm/64/1.2/memory", Best, OpenSsl, 1);
        yield return new Goal("handshake/psk-ccm8/full/1.2/udp", Best, OpenSsl, 2.8);
        yield return new Goal("handshake/ecdsa-gcm/full/1.2/udp", Best, OpenSsl, 2.5);
        yield return new Goal("handshake/rsa-gcm/full/1.2/udp", Best, OpenSsl, 1);
        yield return new Goal("echo/psk-ccm8/64/1.2/udp", Best, OpenSsl, 1.3);
        yield return new Goal("send/psk-ccm8/1300/1.2/udp", Best, OpenSsl, 1.2);
        yield return new Goal("echo/psk-ccm8/64/1.2/threads", Bench.Contestant.Blocking, OpenSsl, 0.8);
        yield return new Goal("echo/psk-ccm8/64/1.2/crowd", Bench.Contestant.Asynchronous, Bench.Contestant.Blocking, 0.8);
        yield return new Goal("echo/psk-ccm8/64/1.2/crowd", Bench.Contestant.Inline, Bench.Contestant.Blocking, 0.8);
        foreach (Row row in Bench.Row.All())
        {
            if (row is { Way: Way.Memory, Is13: false, IsResumed: false, IsFirstContact: false })
            {
                yield return new Goal(row.Id, Bench.Contestant.Host, Bouncy, 2);
            }
        }
    }
}
