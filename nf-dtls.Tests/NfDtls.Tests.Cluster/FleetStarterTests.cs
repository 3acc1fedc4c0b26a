using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FleetGateway.Fleet;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Net;

namespace NfDtls.Tests.Cluster;

/// <summary>How a node of FleetGateway learns that the process that started it has ended.</summary>
[TestClass]
public sealed class FleetStarterTests
{
    [TestMethod]
    public async Task A_node_that_waits_for_the_end_of_its_input_goes_on_meanwhile()
    {
        using BlockingReader input = new();
        Task<Task> waiting = Task.Factory.StartNew(() => Starter.WaitForEndAsync(input), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task end = await waiting.WaitAsync(Ends.Patience);
        Assert.IsFalse(end.IsCompleted);
        input.End();
        await end.WaitAsync(Ends.Patience);
    }

    /// <summary>As the console's reader is: asynchronous by name.</summary>
    private sealed class BlockingReader : TextReader
    {
        private readonly ManualResetEventSlim _end = new();

        public override string ReadToEnd()
        {
            _end.Wait();
            return "";
        }

        public override Task<string> ReadToEndAsync()
        {
            return Task.FromResult(ReadToEnd());
        }

        internal void End()
        {
            _end.Set();
        }

        protected override void Dispose(bool disposing)
        {
            _end.Set();
            _end.Dispose();
            base.Dispose(disposing);
        }
    }
}
