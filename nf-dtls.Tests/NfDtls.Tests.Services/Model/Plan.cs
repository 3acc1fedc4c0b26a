using System;
using System.Linq;
using CsCheck;

namespace NfDtls.Tests.Services.Model;

/// <summary>What is done by one call.</summary>
internal enum Do
{
    Connect,
    Send,
    SendPacket,
    SendTo,
    Move,
    Receive,
    ReceiveShort,
    ReceivePacket,
    Close,
    Reset,
    Dispose,
    SessionSend,
    SessionSendPacket,
    SessionReceive,
    SessionReceivePacket,
    SessionClose,
    SessionStart,
    SessionRefuse,
    Find,
    CloseAll,
    Start,
    Stop,
    DisposeServer,
    Look,
}

/// <summary>What a handler does besides its work.</summary>
internal enum Reaction
{
    None,
    Decline,
    LeaveOpen,
    Throw,
    Send,
    Close,
    CloseAll,
    Restart,
    Stop,
    Dispose,
}

/// <summary>One call: on which client or session, and how long it may wait.</summary>
internal sealed record Step(Do What, int Who, int Time);

/// <summary>One run: how both ends are made, what the handlers do in turn, and the calls of each thread.</summary>
internal sealed record Plan(
    int Seed, int Loss, int Sessions, int Packets, bool SharesPool, bool Evicts, bool AsksToConnect, bool AsksForKeys, Reaction[] Reactions, Step[][] Threads)
{
    internal const int Clients = 3;

    /// <summary>All plans there are.</summary>
    internal static readonly Gen<Plan> Any = Gen.Select(
        Gen.Select(Gen.Int, Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 30])), Gen.Int[1, 3], Gen.Int[3, 12]),
        Gen.Select(Gen.Bool, Gen.Bool, OneIn(3), OneIn(5)),
        AnyReaction().Array[1, 6],
        AnyStep().Array[3, 14].Array[2, 4],
        (sizes, choices, reactions, threads) => new Plan(
            sizes.Item1, sizes.Item2, sizes.Item3, sizes.Item4, choices.Item1, choices.Item2, choices.Item3, choices.Item4, reactions, threads));

    public override string ToString()
    {
        return $"seed {Seed}, loss {Loss}, sessions {Sessions}, packets {Packets}, shared pool {SharesPool}, evicts {Evicts}, asks {AsksToConnect}, keys {AsksForKeys},"
            + $" reactions {string.Join(' ', Reactions)}; " + string.Join("; ", Threads.Select(steps => string.Join(' ', steps.Select(step => $"{step.What}({step.Who},{step.Time})"))));
    }

    private static Gen<bool> OneIn(int count)
    {
        return Gen.Int[1, count].Select(number => number == 1);
    }

    private static Gen<Step> AnyStep()
    {
        Gen<Do> what = Gen.FrequencyConst(
            (20, Do.Connect), (16, Do.Send), (6, Do.SendPacket), (1, Do.SendTo), (1, Do.Move), (5, Do.Receive), (1, Do.ReceiveShort), (3, Do.ReceivePacket),
            (4, Do.Close), (2, Do.Reset), (1, Do.Dispose), (8, Do.SessionSend), (4, Do.SessionSendPacket), (3, Do.SessionReceive), (2, Do.SessionReceivePacket),
            (2, Do.SessionClose), (3, Do.SessionStart), (1, Do.SessionRefuse), (1, Do.Find), (1, Do.CloseAll), (3, Do.Start), (2, Do.Stop), (1, Do.DisposeServer), (2, Do.Look));
        return Gen.Select(what, Gen.Int[0, Clients - 1], Gen.Int[0, 9], (call, who, time) => new Step(call, who, time));
    }

    private static Gen<Reaction> AnyReaction()
    {
        return Gen.FrequencyConst(
            (60, Reaction.None), (2, Reaction.Decline), (2, Reaction.LeaveOpen), (2, Reaction.Throw), (2, Reaction.Send), (2, Reaction.Close), (1, Reaction.CloseAll),
            (1, Reaction.Restart), (1, Reaction.Stop), (1, Reaction.Dispose));
    }
}
