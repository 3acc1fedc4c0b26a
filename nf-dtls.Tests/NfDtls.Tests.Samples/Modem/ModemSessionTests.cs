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

    [TestMethod]
    public void Connecting_takes_no_longer_than_its_time_though_there_is_no_network()
    {
        ScriptedLine line = new() { Answers = command => command == "AT+CEREG?" ? "\r\n+CEREG: 0,2\r\n\r\nOK\r\n" : command == "\u001B" ? null : "\r\nOK\r\n" };
        ModemSession session = new(Options(), new UdpModem(line, true, "10.0.0.1", 5684));
        long before = line.Now;
        Assert.IsFalse(session.Connect(20_000));
        Assert.IsTrue(line.Now - before is >= 20_000 and <= 23_000, (line.Now - before).ToString());
    }

    [TestMethod]
    public void A_line_that_throws_costs_a_report_and_the_next_one_begins_with_the_modem_anew()
    {
        ScriptedLine line = new();
        line.Answers = command => command switch
        {
            "\u001B" => null,
            "AT+CEREG?" => throw new TimeoutException("The operation has timed out."),
            _ => "\r\nOK\r\n",
        };
        ModemApplication application = new(new HostProvider(), new UdpModem(line, true, "10.0.0.1", 5684), 300, 300);
        Assert.AreEqual(0, application.Run(2, 0));
        Assert.HasCount(2, line.Commands.FindAll(command => command == "AT+CEREG?"));
        Assert.HasCount(2, line.Commands.FindAll(command => command == "ATE0"));
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
        server.Start(new IPEndPoint(IPAddress.Loopback, FreePorts.Udp()));
        return server;
    }

    private static DtlsOptions Options()
    {
        DtlsOptions options = new() { Crypto = new HostProvider(), Suites = PskSuites.Constrained(), Psk = new PskStore() };
        options.Psk.Add(Encoding.ASCII.GetBytes("sensor's key"), "sensor-1");
        return options;
    }
}
