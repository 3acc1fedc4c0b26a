namespace NfDtls.Tests.Extensions;

/// <summary>What happened to an end.</summary>
internal sealed class Tally
{
    internal int Crashes { get; set; }

    internal int Sleeps { get; set; }

    internal int Stored { get; set; }

    internal int Refused { get; set; }

    internal int Moves { get; set; }

    internal int Resumed { get; set; }

    internal int Full { get; set; }

    internal int Renegotiations { get; set; }

    internal void Add(Tally other)
    {
        Crashes += other.Crashes;
        Sleeps += other.Sleeps;
        Stored += other.Stored;
        Refused += other.Refused;
        Moves += other.Moves;
        Resumed += other.Resumed;
        Full += other.Full;
        Renegotiations += other.Renegotiations;
    }
}
