using System;

namespace NfDtls.Bench;

/// <summary>A contestant made ready for one row: both ends of it.</summary>
internal abstract class Workload : IDisposable
{
    /// <summary>Does the row's work so many times.</summary>
    internal abstract void Run(int times);

    /// <summary>Nanoseconds of the processor's time so far that do not count; by the thread that calls <see cref="Run"/>.</summary>
    internal virtual long Excluded => 0;

    /// <summary>Datagrams and bytes of UDP payload so far, of both directions; 0 where they are not seen.</summary>
    internal virtual (long Datagrams, long Bytes) Traffic => default;

    /// <summary>The version of the library that does the cryptography, or the stack's.</summary>
    internal abstract string Version { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
