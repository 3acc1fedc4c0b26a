using System;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>Datagrams that are longer than the network takes.</summary>
[TestClass]
public sealed class TooLongTests
{
    private const int MaxDatagramSize = 4000;

    [TestMethod]
    public async Task A_flight_that_the_network_does_not_take_goes_out_smaller_at_once()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("How a socket is told of a small network is known of Linux alone.");
        }

        using Certified authority = new();
        using X509Certificate2 certificate = authority.Server("CN=" + Certified.ServerName + ",O=" + new string('x', 1500));

        // Nobody sends anything again here because of the time.
        Standing time = new();
        await using DtlsListener listener = await Ends.ListenAsync(options =>
        {
            options.ListenEndPoint = new IPEndPoint(IPAddress.IPv6Loopback, 0);
            options.PskCallback = null;
            options.Certificates = [certificate];
            options.MaxDatagramSize = MaxDatagramSize;
            options.TimeProvider = time;
        });
        MakeSmall(listener.ShardAt(0).Socket);
        _ = Ends.EchoAsync(listener);
        await using DtlsConnection client = await Ends.ConnectAsync(listener, options =>
        {
            options.Psk = null;
            options.TrustedCertificates = [authority.Root];
            options.TargetHost = Certified.ServerName;
            options.MaxDatagramSize = MaxDatagramSize;
            options.TimeProvider = time;
        });
        await Ends.AssertEchoesAsync(client, "small enough");
        Assert.IsGreaterThan(0L, listener.GetStatistics().DatagramsLost);
    }

    // Linux's numbers: IPPROTO_IPV6; IPV6_MTU_DISCOVER with IPV6_PMTUDISC_DO, IPV6_MTU, IPV6_DONTFRAG.
    private static void MakeSmall(Socket socket)
    {
        const int Level = 41;
        const int LeastMtu = 1280;
        socket.SetRawSocketOption(Level, 23, BitConverter.GetBytes(2));
        socket.SetRawSocketOption(Level, 24, BitConverter.GetBytes(LeastMtu));
        socket.SetRawSocketOption(Level, 62, BitConverter.GetBytes(1));
    }

    /// <summary>A clock that stands, and timers that never fire.</summary>
    private sealed class Standing : TimeProvider
    {
        public override long GetTimestamp()
        {
            return 1;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            return new Never();
        }
    }

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync()
        {
            return ValueTask.CompletedTask;
        }
    }
}
