using System;

namespace NfDtls.Tests.Certificates;

/// <summary>An operation that does nothing for so many steps, and then its work at once.</summary>
internal sealed class SlowOperation : CryptoOperation
{
    private readonly Func<CryptoOperation> _work;
    private int _left;

    internal SlowOperation(Func<CryptoOperation> work, int steps)
    {
        _work = work;
        _left = steps;
    }

    internal bool IsCancelled { get; private set; }

    internal bool HasEnded { get; private set; }

    internal int Steps { get; private set; }

    public override bool Step(int budget)
    {
        Steps++;
        _left--;
        if (_left > 0)
        {
            return false;
        }

        CryptoOperation work = _work();
        while (!work.Step(1000))
        {
        }

        Error = work.Error;
        Length = work.Length;
        HasEnded = true;
        return true;
    }

    public override void Cancel()
    {
        IsCancelled = true;
    }
}
