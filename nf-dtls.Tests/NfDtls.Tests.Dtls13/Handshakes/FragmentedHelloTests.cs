using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>First hellos in several fragments, and the places in which a server puts them together.</summary>
[TestClass]
public sealed class FragmentedHelloTests
{
    private const int HeaderLength = 25;

    // What the server needs of a first fragment: up to the end of the cookie field of 1.2.
    private const int LeastFirst = 36;

    [TestMethod]
    public void A_first_hello_in_two_pieces_is_answered_wherever_it_is_cut()
    {
        int length = HelloLength();
        for (int first = LeastFirst; first < length; first++)
        {
            TestBed bed = Bed(1);
            CutFirst(bed, first, length - first);
            Assert.IsTrue(Bed13.Connect(bed, 500), "cut at " + first);
            Assert.AreEqual(1, bed.Server.Statistics.CookiesSent);
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    [DataRow(7)]
    [DataRow(1)]
    public void In_pieces_of_any_size_whole_or_one_in_one_datagram_it_is_answered(int size)
    {
        foreach (bool together in new[] { false, true })
        {
            TestBed bed = Bed(1);
            int[] sizes = [LeastFirst, .. Enumerable.Repeat(size, (HelloLength() - LeastFirst) / size), (HelloLength() - LeastFirst) % size];
            CutFirst(bed, together, sizes);
            Assert.IsTrue(Bed13.Connect(bed, 500));
        }
    }

    [TestMethod]
    public void A_piece_that_is_lost_doubled_or_late_comes_with_the_clients_next_sending()
    {
        int length = HelloLength();
        foreach (int[] order in new[] { new[] { 0, 2 }, [1, 2], [0, 1], [2, 1, 0], [1, 0, 2], [0, 0, 1, 1, 2, 2], [0, 2, 1], [1, 2, 0] })
        {
            TestBed bed = Bed(1);
            int sendings = 0;
            bed.Network.Filter = datagram =>
            {
                if (!IsFirstHello(datagram))
                {
                    return true;
                }

                byte[][] pieces = Cut(datagram.Bytes, 60, 40, length - 100);
                int[] taken = sendings++ == 0 ? order : [0, 1, 2];
                for (int i = 0; i < taken.Length; i++)
                {
                    bed.Network.Inject(true, TestBed.Address, pieces[taken[i]], i + 1);
                }

                return false;
            };
            Assert.IsTrue(Bed13.Connect(bed, 1_500), string.Join(" ", order));
            bed.VerifyEcho();
        }
    }

    [TestMethod]
    public void Without_places_it_is_refused_and_nothing_is_kept()
    {
        TestBed bed = Bed(0);
        CutFirst(bed, 60, HelloLength() - 60);
        bed.VerifyClientFails(DtlsError.AlertReceived);
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
        Assert.AreEqual(0, bed.Server.SessionCount);
    }

    [TestMethod]
    public void A_hello_longer_than_a_place_is_refused()
    {
        TestBed bed = Bed(1, 256);
        bed.Server.HandleDatagram(TestBed.Piece(HandshakeType.ClientHello, 257, 0, 0, 0, FirstPiece(bed)), 0, 13 + 12 + 60, TestBed.Address, 6, bed.Network.Now);
        Assert.AreEqual(ContentType.Alert, TakeAnswer(bed).Single()[0]);
        bed.Server.HandleDatagram(TestBed.Piece(HandshakeType.ClientHello, 256, 0, 0, 0, FirstPiece(bed)), 0, 13 + 12 + 60, TestBed.Address, 6, bed.Network.Now);
        Assert.IsEmpty(TakeAnswer(bed));
    }

    [TestMethod]
    public void A_server_of_both_versions_waits_for_what_says_which_one()
    {
        CipherSuiteTable suites = Suites13.AddTo(PskSuites.Constrained());
        int length = HelloLength();
        for (int first = LeastFirst; first < length; first++)
        {
            DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true, suites);
            server.Versions = new VersionTable().Add(new ServerVersion13(Bed13.NoGroup, true) { HelloPlaces = 1 }).Add(new Dtls12());
            TestBed bed = new(Bed13.Options(false, 1, Bed13.NoGroup, true), server);
            CutFirst(bed, first, length - first);
            Assert.IsTrue(Bed13.Connect(bed, 500), "cut at " + first);
            Assert.AreEqual(0xFEFC, bed.Client.Association.Version);
        }
    }

    [TestMethod]
    public void A_hello_of_1_2_in_pieces_is_answered_by_a_server_of_both_versions()
    {
        CipherSuiteTable suites = Suites13.AddTo(PskSuites.Constrained());
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true, suites);
        server.Versions = new VersionTable().Add(new ServerVersion13(Bed13.NoGroup, true) { HelloPlaces = 1 }).Add(new Dtls12());
        for (int first = LeastFirst; first < 49; first++)
        {
            TestBed bed = new(TestBed.Options(1), server);
            int cut = first;
            bed.Network.Filter = datagram => !IsFirstHello(datagram) || Inject(bed, Cut(datagram.Bytes, cut, datagram.Bytes.Length - HeaderLength - cut));
            Assert.IsTrue(Bed13.Connect(bed, 500), "cut at " + first);
            Assert.AreEqual(0xFEFD, bed.Client.Association.Version);
        }
    }

    /// <summary>There are stacks whose cookie stands behind the keys, and so in a later fragment.</summary>
    [TestMethod]
    public void A_second_hello_whose_cookie_is_not_in_its_first_piece_is_put_together_as_well()
    {
        TestBed bed = Bed(1);
        bed.Network.Filter = datagram => !datagram.ToServer || datagram.FirstMessage != HandshakeType.ClientHello
            || Inject(bed, Cut(datagram.Bytes, 60, datagram.Bytes.Length - HeaderLength - 60));
        Assert.IsTrue(Bed13.Connect(bed, 500));
        Assert.AreEqual(1, bed.Server.Statistics.CookiesSent);
        bed.VerifyEcho();
    }

    /// <summary>A stranger begins a hello in the client's name that is as long as its second one; that is put together by the handshake which runs.</summary>
    [TestMethod]
    public void A_strangers_hello_in_the_clients_name_does_not_hold_up_its_second_one_in_pieces()
    {
        TestBed bed = Bed(1);
        byte[] made = FirstPiece(bed);
        bool isCut = false;
        bed.Network.Filter = datagram =>
        {
            if (isCut || !datagram.ToServer || datagram.FirstMessage != HandshakeType.ClientHello || IsFirstHello(datagram))
            {
                return true;
            }

            // The cookie stands within the first 130 bytes.
            isCut = true;
            int length = datagram.Bytes.Length - HeaderLength;
            byte[][] pieces = Cut(datagram.Bytes, 130, length - 130);
            byte[] strangers = TestBed.Piece(HandshakeType.ClientHello, length, datagram.Bytes[18], 9, 0, made);
            return Inject(bed, [pieces[0], strangers, pieces[1]]);
        };
        Assert.IsTrue(Bed13.Connect(bed, 500));
        Assert.IsTrue(isCut);
        bed.VerifyEcho();
    }

    [TestMethod]
    public void A_hello_of_1_2_that_is_longer_than_a_place_is_answered_by_a_server_of_both_versions()
    {
        CipherSuiteTable suites = Suites13.AddTo(PskSuites.Constrained());
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true, suites);
        server.Versions = new VersionTable().Add(new ServerVersion13(Bed13.NoGroup, true) { HelloPlaces = 1, HelloBytes = 256 }).Add(new Dtls12());
        DtlsOptions client = TestBed.Options(1);
        client.Features = [new NfDtls.Extensions.ApplicationProtocols([.. Enumerable.Range(0, 10).Select(i => new string((char)('a' + i), 25))])];
        TestBed bed = new(client, server);
        int cuts = 0;
        bed.Network.Filter = datagram =>
        {
            if (!datagram.ToServer || datagram.FirstMessage != HandshakeType.ClientHello)
            {
                return true;
            }

            cuts++;
            int length = datagram.Bytes.Length - HeaderLength;
            Assert.IsGreaterThan(256, length);
            return Inject(bed, Cut(datagram.Bytes, 100, length - 100));
        };
        Assert.IsTrue(Bed13.Connect(bed, 500));
        Assert.AreEqual(2, cuts);
        Assert.AreEqual(0xFEFD, bed.Client.Association.Version);
    }

    [TestMethod]
    public void A_hello_that_has_no_room_takes_no_place_and_is_not_counted_as_if_it_had()
    {
        TestBed bed = Bed(1, 256);
        byte[] first = FirstPiece(bed);
        bed.Server.HandleDatagram(TestBed.Piece(HandshakeType.ClientHello, 256, 0, 0, 0, first), 0, 13 + 12 + 60, TestBed.OtherAddress, 6, bed.Network.Now);
        bed.Server.HandleDatagram(TestBed.Piece(HandshakeType.ClientHello, 257, 0, 0, 0, first), 0, 13 + 12 + 60, TestBed.Address, 6, bed.Network.Now);
        Assert.AreEqual(0, bed.Server.Statistics.Dropped(DropReason.NoBuffer));
    }

    [TestMethod]
    public void A_long_hello_of_a_ticket_and_a_group_connects()
    {
        TestBed bed = new(Bed13.Options(false, 1, Bed13.X25519, false), Options(1, 2048, Bed13.X25519));
        CutFirst(bed, 100, 187 - HeaderLength - 100);
        Assert.IsTrue(Bed13.Connect(bed, 500));
        bed.VerifyEcho();
    }

    /// <summary>
    /// The bill: with n places a stranger in two pieces fails where n others begin between them, each from a host of its own; n - 1, or any
    /// number from one host, do nothing. A stranger in one piece is never kept out.
    /// </summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(8)]
    public void An_attacker_needs_a_datagram_of_another_host_for_each_place_between_two_pieces_of_one_hello(int places)
    {
        foreach ((int datagrams, bool ofOneHost, bool comes) in new[] { (places - 1, false, true), (places, false, false), (1000, true, places > 1) })
        {
            TestBed bed = Bed(places);
            byte[] first = FirstPiece(bed);
            long begun = 0;
            bed.Network.Filter = datagram =>
            {
                if (!IsFirstHello(datagram) || begun != 0)
                {
                    return true;
                }

                begun = bed.Network.Now;
                byte[][] pieces = Cut(datagram.Bytes, 60, HelloLength() - 60);
                bed.Network.Inject(true, TestBed.Address, pieces[0], 1);
                for (int i = 0; i < datagrams; i++)
                {
                    byte[] address = ofOneHost ? [(byte)(i >> 8), (byte)i, 203, 0, 113, 1] : [1, 1, 203, 0, 113, (byte)i];
                    bed.Network.Inject(true, address, TestBed.Piece(HandshakeType.ClientHello, 200, 0, 0, 0, first), 2);
                }

                bed.Network.Inject(true, TestBed.Address, pieces[1], 3);
                return false;
            };

            // Its second sending, a second later, is whole.
            Assert.IsTrue(Bed13.Connect(bed, 3_000));
            Assert.AreEqual(comes, bed.Network.Now - begun < 500, datagrams + " datagrams, " + places + " places");
            Assert.AreEqual(1, bed.Server.Statistics.CookiesSent);
        }
    }

    [TestMethod]
    public void A_stranger_in_one_piece_is_answered_while_every_place_is_taken()
    {
        TestBed bed = Bed(2);
        byte[] first = FirstPiece(bed);
        for (int i = 0; i < 50; i++)
        {
            bed.Network.Inject(true, [203, 0, 113, (byte)i, 1, 1], TestBed.Piece(HandshakeType.ClientHello, 200, 0, 0, 0, first), 0);
        }

        Assert.IsTrue(Bed13.Connect(bed, 500));
        Assert.AreEqual(1, bed.Server.SessionCount);
        Assert.AreEqual(48, bed.Server.Statistics.Dropped(DropReason.NoBuffer));
    }

    [TestMethod]
    public void A_place_is_kept_for_two_sendings_and_no_longer()
    {
        foreach ((int wait, bool comes) in new[] { (1_999, true), (2_000, false) })
        {
            TestBed bed = Bed(1);
            byte[][]? pieces = null;
            bed.Network.Filter = datagram =>
            {
                pieces ??= Cut(datagram.Bytes, 60, HelloLength() - 60);
                return false;
            };
            bed.Client.Engine.Connect(bed.Network.Now);
            bed.Network.Run(1);
            bed.Network.Deliver(true, TestBed.Address, pieces![0]);
            bed.Network.Now += wait;
            bed.Network.Deliver(true, TestBed.Address, pieces[1]);
            Assert.AreEqual(comes ? 1 : 0, bed.Server.Statistics.CookiesSent, wait.ToString());
        }
    }

    [TestMethod]
    public void Pieces_that_belong_to_no_hello_are_dropped_and_what_has_come_is_not_written_over()
    {
        TestBed bed = Bed(1);
        byte[][]? pieces = null;
        bed.Network.Filter = datagram =>
        {
            pieces ??= Cut(datagram.Bytes, 60, HelloLength() - 60);
            return false;
        };
        bed.Client.Engine.Connect(bed.Network.Now);
        bed.Network.Run(1);
        bed.Network.Deliver(true, TestBed.Address, pieces![1]);
        Assert.AreEqual(1, bed.Server.Statistics.Dropped(DropReason.NoSession), "before the first");
        bed.Network.Deliver(true, TestBed.Address, pieces[0]);
        byte[] rest = pieces[1][HeaderLength..];
        bed.Network.Deliver(true, TestBed.OtherAddress, pieces[1]);
        bed.Network.Deliver(true, TestBed.Address, TestBed.Piece(HandshakeType.ClientHello, HelloLength() + 1, 0, 7, 60, rest));
        bed.Network.Deliver(true, TestBed.Address, TestBed.Piece(HandshakeType.ClientHello, HelloLength(), 1, 7, 60, rest));
        Assert.AreEqual(4, bed.Server.Statistics.Dropped(DropReason.NoSession));
        bed.Network.Deliver(true, TestBed.Address, TestBed.Piece(HandshakeType.ClientHello, HelloLength(), 0, 7, 50, new byte[10]));
        Assert.AreEqual(0, bed.Server.Statistics.CookiesSent);
        bed.Network.Filter = null;
        bed.Network.Inject(true, TestBed.Address, pieces[1], 1);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.State == AssociationState.Connected, 900), "the digest in the cookie is right");
    }

    [TestMethod]
    public void Hostile_pieces_change_nothing_but_counters()
    {
        TestBed bed = Bed(3);
        Random random = new(5);
        byte[] first = FirstPiece(bed);
        for (int i = 0; i < 100_000; i++)
        {
            int length = random.Next(0, 400);
            int offset = random.Next(4) == 0 ? 0 : random.Next(length + 1);
            int count = random.Next(0, length - offset + 1);
            byte[] piece = new byte[count];
            random.NextBytes(piece);
            first.AsSpan(0, random.Next(2) * Math.Min(count, first.Length)).CopyTo(piece);
            byte[] record = TestBed.Piece(HandshakeType.ClientHello, length, random.Next(3), i, offset, piece);
            byte[] address = [203, 0, 113, (byte)random.Next(5), 1, (byte)random.Next(2)];
            bed.Server.HandleDatagram(record, 0, record.Length, address, 6, bed.Network.Now + i);
            TakeAnswer(bed);
            Assert.IsNull(bed.Server.TakeFailure());
        }

        Assert.AreEqual(0, bed.Server.SessionCount);
        Assert.AreEqual(bed.Server.Pool.Count, bed.Server.Pool.Available);
        bed.Network.Now += 200_000;
        CutFirst(bed, 60, HelloLength() - 60);
        Assert.IsTrue(Bed13.Connect(bed, 500));
    }

    [TestMethod]
    public void What_places_take_is_planned_and_there_from_the_beginning()
    {
        foreach ((int places, int bytes) in new[] { (1, 2048), (4, 2048), (100, 300) })
        {
            long without = Allocated(Options(0, bytes, Bed13.NoGroup));
            DtlsOptions options = Options(places, bytes, Bed13.NoGroup);
            long more = Allocated(options) - without;
            int planned = options.Versions.At(0).ServerBytes;
            Assert.IsLessThan(0.15 * more, Math.Abs(planned - more), places + " places of " + bytes + ": planned " + planned + ", there are " + more);
            Assert.IsGreaterThan(places * bytes, planned);
        }

        Assert.AreEqual(0, Options(0, 2048, Bed13.NoGroup).Versions.At(0).ServerBytes);
    }

    [TestMethod]
    public void What_cannot_be_is_refused_when_it_is_set()
    {
        ServerVersion13 version = new(Bed13.NoGroup, true);
        Assert.AreEqual(0, version.HelloPlaces);
        Assert.AreEqual(2048, version.HelloBytes);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => version.HelloPlaces = -1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => version.HelloPlaces = 1025);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => version.HelloBytes = 255);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => version.HelloBytes = 16385);
    }

    private static long Allocated(DtlsOptions options)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive(new DtlsServerEngine(options));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static DtlsOptions Options(int places, int bytes, int[] groups)
    {
        DtlsOptions options = Bed13.Options(true, 1001, groups, groups.Length == 0);
        options.Versions = new VersionTable().Add(new ServerVersion13(groups, groups.Length == 0) { HelloPlaces = places, HelloBytes = bytes });
        return options;
    }

    private static TestBed Bed(int places, int bytes = 2048)
    {
        return new TestBed(Bed13.Options(false, 1, Bed13.NoGroup, true), Options(places, bytes, Bed13.NoGroup));
    }

    /// <summary>Bytes of the body of the client's first hello.</summary>
    private static int HelloLength()
    {
        return 137 - HeaderLength;
    }

    private static bool IsFirstHello(Datagram datagram)
    {
        return datagram.ToServer && datagram.FirstMessage == HandshakeType.ClientHello && datagram.Bytes[18] == 0;
    }

    private static void CutFirst(TestBed bed, params int[] sizes)
    {
        CutFirst(bed, false, sizes);
    }

    private static void CutFirst(TestBed bed, bool together, params int[] sizes)
    {
        bed.Network.Filter = datagram =>
        {
            if (!IsFirstHello(datagram))
            {
                return true;
            }

            byte[][] pieces = Cut(datagram.Bytes, sizes);
            return Inject(bed, together ? [pieces.SelectMany(one => one).ToArray()] : pieces);
        };
    }

    private static bool Inject(TestBed bed, byte[][] pieces)
    {
        for (int i = 0; i < pieces.Length; i++)
        {
            bed.Network.Inject(true, TestBed.Address, pieces[i], 1 + (i / 100));
        }

        return false;
    }

    /// <summary>A record with a whole hello as records with its pieces; sizes of nothing are left out.</summary>
    private static byte[][] Cut(byte[] record, params int[] sizes)
    {
        List<byte[]> pieces = [];
        int at = 0;
        foreach (int size in sizes.Where(one => one > 0))
        {
            byte[] piece = record.AsSpan(HeaderLength + at, size).ToArray();
            pieces.Add(TestBed.Piece(HandshakeType.ClientHello, record.Length - HeaderLength, record[18], record[10] + pieces.Count, at, piece));
            at += size;
        }

        Assert.AreEqual(record.Length - HeaderLength, at);
        return pieces.ToArray();
    }

    /// <summary>60 bytes that a hello of somebody else's may begin with.</summary>
    private static byte[] FirstPiece(TestBed bed)
    {
        DtlsClientEngine client = new(Bed13.Options(false, 99, Bed13.NoGroup, true));
        client.Connect(bed.Network.Now);
        Packet packet = client.PollDatagram(bed.Network.Now);
        byte[] piece = packet.Buffer.AsSpan(packet.Offset + HeaderLength, 60).ToArray();
        packet.Return();
        return piece;
    }

    private static List<byte[]> TakeAnswer(TestBed bed)
    {
        List<byte[]> answers = [];
        for (Packet packet = bed.Server.PollDatagram(bed.Network.Now); packet != null; packet = bed.Server.PollDatagram(bed.Network.Now))
        {
            answers.Add(packet.Buffer.AsSpan(packet.Offset, packet.Length).ToArray());
            packet.Return();
        }

        return answers;
    }
}
