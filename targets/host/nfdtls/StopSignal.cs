using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace NfDtls.Tool;

/// <summary>SIGINT or SIGTERM, as something to wait for.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly ManualResetEventSlim _set = new ManualResetEventSlim();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignal()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public bool IsSet => _set.IsSet;

    public bool Wait(int milliseconds)
    {
        return _set.Wait(milliseconds);
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _set.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        _set.Set();
    }
}
