using System;
using System.Threading;
using System.Threading.Tasks;

namespace FleetGateway.Fleet;

/// <summary>One place of a fleet: a node after the other, with a pause between them.</summary>
internal sealed class Place(TimeProvider time, Action<Exception> tell)
{
    /// <summary>Between a node that ends, or does not start, and the next one.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs nodes until it is ended. One that fails, whatever that is by, is told of, and followed by another one.</summary>
    /// <param name="run">Runs a node until it ends.</param>
    /// <param name="end">Ends the place.</param>
    internal async Task KeepAsync(Func<Task> run, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await run();
            }
            catch (Exception e)
            {
                // Not started for want of memory or descriptors, or ended behind our back.
                tell(e);
            }

            await Task.WhenAny(Task.Delay(Pause, time, end));
        }
    }
}
