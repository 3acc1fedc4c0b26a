using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Cluster;

/// <summary>A node of the fleet, in a process of its own.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly PeerProgram _program;
    private bool _isOver;

    private NodeProcess(PeerProgram program, byte[] name)
    {
        _program = program;
        Name = name;
    }

    internal byte[] Name { get; }

    internal static NodeProcess Start(string redis, byte number)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, typeof(NodeProcess).Assembly.GetName().Name + ".dll");
        PeerProgram program = PeerProgram.Start(false, "dotnet", "exec", assembly, redis, number.ToString(CultureInfo.InvariantCulture));
        return new NodeProcess(program, NodeProgram.Ids(number).NodeId!);
    }

    internal IPEndPoint WaitUntilReady()
    {
        const string Ready = "ready on port ";
        _program.WaitForOutput(Ready);
        string output = _program.Output;
        for (Stopwatch clock = Stopwatch.StartNew(); output.IndexOf('.', output.IndexOf(Ready, StringComparison.Ordinal)) < 0; output = _program.Output)
        {
            Assert.IsFalse(_program.HasExited, output);
            Assert.IsFalse(Patience.IsOver(clock), "It does not say its port. " + output);
            Thread.Sleep(5);
        }

        string port = output[(output.IndexOf(Ready, StringComparison.Ordinal) + Ready.Length)..];
        return new IPEndPoint(IPAddress.Loopback, int.Parse(port[..port.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
    }

    /// <summary>Kills it (SIGKILL).</summary>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _program.Dispose();
        }
    }
}
