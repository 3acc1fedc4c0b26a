extern alias modem;

using System;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using modem::NfDtls.Samples.ModemTransport;
using NfDtls.Crypto.Host;
using NfDtls.Sockets;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Samples.Modem;

/// <summary>A session of the engine over the simulated modem, with a server that sends back what comes.</summary>
[TestClass]
public sealed class ModemSessionTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_longest_record_makes_a_datagram_of_what_the_modem_takes_and_no_more(bool isHex)
    {
        using DtlsServer server = StartServer();
        SimulatedModem simulated = new(new ModemFaults { IsTalkative = true });
        simulated.Start();
        try
        {
            // The caller asks for more than the modem can.
            DtlsOptions options = Options();
            options.Mtu = 1232;
            ModemSession session = new(options, new UdpModem(new SimulatedLine(simulated), isHex, "127.0.0.1", server.LocalPort));
            Assert.IsTrue(session.Connect(Patience.Milliseconds));
            byte[] data = new byte[session.MaxPayload];
            new Random(3).NextBytes(data);
            byte[] back = new byte[UdpModem.MaxDatagram];
            int length = -1;
            for (Stopwatch clock = Stopwatch.StartNew(); length < 0; Assert.IsFalse(Patience.IsOver(clock)))
            {
                // Where the modem's thread has to wait for long, one may get lost.
                session.Send(data, data.Length);
                length = session.Receive(back, 10_000);
            }

            Assert.AreEqual(data.Length, length);
            CollectionAssert.AreEqual(data, back[..data.Length]);
            Assert.AreEqual(UdpModem.MaxDatagram, simulated.Longest);
            session.Close();
        }
        finally
        {
            simulated.Stop();
        }
    }

    [TestMethod]
    public void A_server_with_another_key_is_told_by_the_engine()
    {
        using DtlsServer server = StartServer();
        SimulatedModem simulated = new(new ModemFaults());
        simulated.Start();
        try
        {
            DtlsOptions options = Options();
            options.Psk = new PskStore();
            options.Psk.Add(Encoding.ASCII.GetBytes("sensor's key"), "somebody else");
            ModemSession session = new(options, new UdpModem(new SimulatedLine(simulated), false, "127.0.0.1", server.LocalPort));
            DtlsException exception = Assert.ThrowsExactly<DtlsException>(() => session.Connect(Patience.Milliseconds));
            Assert.AreEqual(DtlsError.AlertReceived, exception.Error);
        }
        finally
        {
            simulated.Stop();
        }
    }

    private static DtlsServer StartServer()
    {
        DtlsServer server = new(Options());
        server.DataReceived += session =>
        {
            byte[] data = new byte[2000];
            int length = session.Receive(data, 0, 0);
            if (length >= 0)
            {
                session.Send(data, 0, length);
            }
        };
        server.Start(new IPEndPoint(IPAddress.Loopback, PeerProgram.FreePort()));
        return server;
    }

    private static DtlsOptions Options()
    {
        DtlsOptions options = new() { Crypto = new HostProvider(), Suites = PskSuites.Constrained(), Psk = new PskStore() };
        options.Psk.Add(Encoding.ASCII.GetBytes("sensor's key"), "sensor-1");
        return options;
    }
}
