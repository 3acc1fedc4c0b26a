using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using NfDtls.Tests.Net;
using NfDtls.Tests.Peers.Programs;
using StackExchange.Redis;

namespace NfDtls.Tests.Cluster;

/// <summary>Redis from Debian's package, on a port and in a folder of its own: it begins empty, whatever another one left.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nfdtls-redis");
    private readonly PeerProgram _program;

    /// <param name="more">Options beside the usual ones.</param>
    internal RedisServer(params string[] more)
    {
        Port = FreePorts.Udp();
        string[] arguments = ["--port", Text(Port), "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", "--appendonly", "no", "--daemonize", "no", .. more];
        _program = PeerProgram.Start(false, "redis-server", arguments);
        _program.WaitForOutput("Ready to accept connections");
    }

    internal int Port { get; }

    internal string Address => "127.0.0.1:" + Text(Port);

    internal static string Text(int number)
    {
        return number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A connection that waits as long as it takes.</summary>
    internal async Task<ConnectionMultiplexer> ConnectAsync()
    {
        string patience = ((long)Ends.Patience.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return await ConnectionMultiplexer.ConnectAsync(Address + ",abortConnect=false,asyncTimeout=" + patience + ",syncTimeout=" + patience);
    }

    /// <summary>It does nothing from now on, and its connections stay.</summary>
    internal void Freeze()
    {
        _program.Freeze();
    }

    public void Dispose()
    {
        _program.Dispose();
        _folder.Delete(true);
    }
}
