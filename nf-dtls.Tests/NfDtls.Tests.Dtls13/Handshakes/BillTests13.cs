using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>What it costs an attacker to keep a stranger from being served in DTLS 1.3, and a server to be asked by one: the page on security promises these bills.</summary>
[TestClass]
public sealed class BillTests13
{
    // The name of the key, the nonce, one byte and the tag, with what an identity has around it.
    private const int SmallestTicket = TicketSealer.Overhead + 1;
    private const int AroundIdentity = 2 + 4;

    [TestMethod]
    public void Spoofed_hellos_at_any_rate_delay_a_stranger_by_nothing()
    {
        TestBed bed = Bed13.PskAlone();
        bed.Client.Engine.Connect(bed.Network.Now);
        long begin = bed.Network.Now;
        int received = 0;
        int sent = 0;
        for (int i = 0; bed.Client.State == AssociationState.Connecting; i++)
        {
            if (i % 20 == 0)
            {
                bed.Network.Run(1);
            }

            ScriptedPeer13 peer = new(false);
            byte[] hello = peer.Message(0, HandshakeType.ClientHello, peer.ClientHelloBody());
            received += hello.Length;
            byte[] address = [203, 0, 113, 1, (byte)(i >> 8), (byte)i];
            bed.Server.HandleDatagram(hello, 0, hello.Length, address, address.Length, bed.Network.Now);
            for (Packet packet = bed.Server.PollDatagram(bed.Network.Now); packet != null; packet = bed.Server.PollDatagram(bed.Network.Now))
            {
                Assert.IsTrue(packet.Address.AsSpan(0, packet.AddressLength).SequenceEqual(address));
                sent += packet.Length;
                packet.Return();
            }
        }

        Assert.AreEqual(AssociationState.Connected, bed.Client.State);
        Assert.IsLessThanOrEqualTo(100, bed.Network.Now - begin);
        Assert.AreEqual(0, bed.Client.Engine.Statistics.Retransmissions);
        Assert.AreEqual(1, bed.Server.SessionCount);
        Assert.IsLessThan(received, sent);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(100)]
    public void Records_of_later_epochs_in_anothers_name_delay_it_by_nothing(int junk)
    {
        // Address and port are the handshake's own; what looks like its next epochs opens under none of its keys.
        foreach (int epoch in new[] { 2, 3 })
        {
            DtlsServerEngine server = new(Bed13.Options(true, 2, Bed13.NoGroup, true));
            ScriptedClient13 client = new ScriptedClient13(server).Hello();
            for (int i = 0; i < junk; i++)
            {
                byte[] record = [(byte)(0x2C | epoch), 0, (byte)i, 0, 40, .. TestBed.Bytes(40, i)];
                client.Send(record);
                int kept = server.Pool.Count - server.Pool.Available;
                Assert.IsTrue(kept <= server.Options.HeldRecords && kept <= server.Pool.Count / 2, kept + " packets");
            }

            client.Send(client.Peer.Message(2, HandshakeType.Finished, client.Peer.FinishedBody()));
            Assert.AreEqual(1, server.Statistics.HandshakesCompleted, epoch + ": " + server.At(0)?.LastError);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_hello_of_many_tickets_costs_no_more_than_one_look_at_each_and_keeps_nothing(bool isNameRight)
    {
        // The bill of the server: one opening for each ticket that a datagram has room for, and an attacker must have seen the key's name.
        WatchedProvider? watched = null;
        ResumptionBed13 bed = new(
            suites: Suites13.AddTo(new CipherSuiteTable()),
            change: options =>
            {
                watched = new WatchedProvider(options.Crypto);
                options.Crypto = watched;

                // Imported keys have suites of both hashes, and the server looks for one of either among all that is offered.
                ((Version13)options.Versions.At(0)).Importer = new PskImporter(TestBed.Text("field"));
            });
        bed.Connect();
        bed.Close();
        bed.TakeSent();
        bed.Connect();
        byte[] hello = bed.TakeSent().First(datagram => datagram.ToServer).Bytes;
        Assert.IsTrue(bed.Client.IsResumed);
        byte[] many = WithTickets(hello, isNameRight, bed.Bed.Server.Options.ReceiveSize, out int tickets);
        Assert.IsGreaterThan(10, tickets);
        int opened = 0;
        watched!.Calling = (name, _) => opened += name == "Open" ? 1 : 0;
        bed.Network.Deliver(true, [203, 0, 113, 9, 1, 1], many);
        bed.Network.Flush();
        Assert.AreEqual(isNameRight, opened > 0);
        Assert.IsLessThanOrEqualTo(isNameRight ? many.Length / (SmallestTicket + AroundIdentity) : 0, opened);
        Assert.AreEqual(1, bed.Bed.Server.SessionCount);
        Datagram answer = bed.TakeSent().Single();
        Assert.IsLessThan(many.Length, answer.Bytes.Length);
        Assert.AreEqual(bed.Bed.Server.Pool.Count, bed.Bed.Server.Pool.Available);
    }

    /// <summary>A hello with as many tickets as a datagram has room for in place of its own, none of which opens.</summary>
    private static byte[] WithTickets(byte[] hello, bool isNameRight, int size, out int tickets)
    {
        const int Body = 25;
        int at = Body + 2 + 32;
        at += 1 + hello[at];
        at += 1 + hello[at];

        // A suite of another hash beside: only then is the key looked at before the cookie.
        int suites = at;
        at += 2 + ((hello[at] << 8) | hello[at + 1]);
        byte[] both = Vector([.. hello[(suites + 2)..at], 0x13, 0x02]);
        int compressions = at;
        at += 1 + hello[at];
        int block = at;
        at += 2;
        while (((hello[at] << 8) | hello[at + 1]) != ExtensionBlock.LastType)
        {
            at += 4 + ((hello[at + 2] << 8) | hello[at + 3]);
        }

        byte[] ticket = hello.AsSpan(at + 4 + 2 + 2, SmallestTicket).ToArray();
        ticket[0] ^= (byte)(isNameRight ? 0 : 1);
        ticket[^1] ^= 1;
        const int OfBinder = 33;
        tickets = (size - at - 8) / (AroundIdentity + SmallestTicket + OfBinder);
        IEnumerable<byte> identities = Enumerable.Repeat<byte[]>([0, SmallestTicket, .. ticket, 0, 0, 0, 0], tickets).SelectMany(one => one);
        IEnumerable<byte> binders = Enumerable.Repeat<byte[]>([OfBinder - 1, .. new byte[OfBinder - 1]], tickets).SelectMany(one => one);
        byte[] offer = [.. Vector([.. identities]), .. Vector([.. binders])];
        byte[] extensions = [.. hello[(block + 2)..at], 0, ExtensionBlock.LastType, .. Vector(offer)];
        byte[] body = [.. hello[Body..suites], .. both, .. hello[compressions..block], .. Vector(extensions)];
        return TestBed.Message(HandshakeType.ClientHello, 0, 0, body);
    }

    private static byte[] Vector(byte[] content)
    {
        return [(byte)(content.Length >> 8), (byte)content.Length, .. content];
    }
}
