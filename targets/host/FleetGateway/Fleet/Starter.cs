using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace FleetGateway.Fleet;

/// <summary>The process that started a node, as the node sees it: its standard input.</summary>
internal static class Starter
{
    /// <summary>
    /// Ends when the input does. It reads on a thread of its own: the console's reader blocks its caller in ReadToEndAsync as well, and
    /// then the node would heed no signal.
    /// </summary>
    internal static Task WaitForEndAsync(TextReader input)
    {
        return Task.Factory.StartNew(input.ReadToEnd, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
