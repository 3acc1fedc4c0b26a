using System.Linq;
using CsCheck;
using NfDtls.Net;

namespace NfDtls.Tests.Net.Loads;

/// <summary>What is done by one call.</summary>
internal enum Do
{
    Connect,
    Send,
    SendMuch,
    Receive,
    ReadAll,
    Close,
    Dispose,
    Cancel,
    Accept,
    ServerSend,
    ServerReceive,
    ServerClose,
    ServerDispose,
    Pause,
    Look,
    Drain,
    DisposeListener,
}

/// <summary>What a listener's call-back does with a question for a key.</summary>
internal enum Answer
{
    Key,
    LateKey,
    WrongKey,
    None,
    Throw,
    Never,
}

/// <summary>One call: on which connection, how large, and whether it is waited for before the next.</summary>
internal sealed record Step(Do What, int Who, int Size, bool IsAwaited);

/// <summary>One run: how both ends are made, how many connections there are at first, what the call-back answers in turn, and the calls of each lane.</summary>
internal sealed record Plan(DtlsProtocols Listener, DtlsProtocols Client, int Shards, int Queue, int Backlog, int Connections, int Opened, int? Ids, bool IsInline, Answer[] Answers, Step[][] Lanes)
{
    internal const int Connectors = 3;

    /// <summary>All plans there are.</summary>
    internal static readonly Gen<Plan> Any = Gen.Select(
        Gen.Select(AnyVersions(), AnyVersions(), Gen.Int[1, 2]),
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 4]),
        Gen.Select(Gen.Int[0, Connectors], Gen.Int[-1, 2], Gen.Bool),
        Gen.FrequencyConst((12, Answer.Key), (2, Answer.LateKey), (1, Answer.WrongKey), (1, Answer.None), (1, Answer.Throw), (1, Answer.Never)).Array[1, 5],
        AnyStep().Array[3, 14].Array[2, 4],
        (versions, sizes, more, answers, lanes) => new Plan(
            versions.Item1, versions.Item2, versions.Item3, sizes.Item1, sizes.Item2, sizes.Item3, more.Item1, more.Item2 < 0 ? null : more.Item2 * 4, more.Item3, answers, lanes));

    public override string ToString()
    {
        return $"{Listener} for {Client}, shards {Shards}, queue {Queue}, backlog {Backlog}, connections {Connections}, opened {Opened}, ids {Ids}, {(IsInline ? "inline, " : "")}answers {string.Join(' ', Answers)}; "
            + string.Join("; ", Lanes.Select(steps => string.Join(' ', steps.Select(step => $"{step.What}({step.Who},{step.Size}{(step.IsAwaited ? ",awaited" : "")})"))));
    }

    private static Gen<DtlsProtocols> AnyVersions()
    {
        return Gen.FrequencyConst((2, DtlsProtocols.Dtls12), (2, DtlsProtocols.Dtls13), (3, DtlsProtocols.Dtls12 | DtlsProtocols.Dtls13));
    }

    private static Gen<Step> AnyStep()
    {
        Gen<Do> what = Gen.FrequencyConst(
            (18, Do.Connect), (14, Do.Send), (1, Do.SendMuch), (6, Do.Receive), (3, Do.ReadAll), (4, Do.Close), (3, Do.Dispose), (2, Do.Cancel), (12, Do.Accept),
            (8, Do.ServerSend), (6, Do.ServerReceive), (2, Do.ServerClose), (2, Do.ServerDispose), (6, Do.Pause), (2, Do.Look), (1, Do.Drain), (1, Do.DisposeListener));
        return Gen.Select(what, Gen.Int[0, Connectors - 1], Gen.Int[0, 9], Gen.Bool, (call, who, size, isAwaited) => new Step(call, who, size, isAwaited));
    }
}
