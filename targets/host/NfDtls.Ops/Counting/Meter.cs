namespace NfDtls.Ops;

/// <summary>What instrumented code adds to. The numbers of methods are <see cref="Instrumenter"/>'s.</summary>
public static class Meter
{
    /// <summary>The most methods that can be told apart.</summary>
    public const int Most = 8192;

    /// <summary>Operations by method, without those of the methods that it calls.</summary>
    public static readonly long[] Operations = new long[Most];

    /// <summary>How many of these were calls.</summary>
    public static readonly long[] Calls = new long[Most];

    /// <summary>How often each method was entered.</summary>
    public static readonly long[] Entries = new long[Most];
}
