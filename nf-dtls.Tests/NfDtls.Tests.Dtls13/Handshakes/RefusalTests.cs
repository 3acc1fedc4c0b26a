using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>What does not fit, and what an attacker sends.</summary>
[TestClass]
public class RefusalTests
{
    [TestMethod]
    public void A_wrong_key_is_a_decrypt_error_and_an_unknown_identity_is_told_or_hidden()
    {
        Assert.AreEqual(Alert.DecryptError, Refused(TestBed.Bytes(16, 9), "sensor-1", false));
        Assert.AreEqual(Alert.UnknownPskIdentity, Refused(TestBed.Key, "sensor-2", false));
        Assert.AreEqual(Alert.DecryptError, Refused(TestBed.Key, "sensor-2", true));
        Assert.AreEqual(Alert.DecryptError, Refused(TestBed.Bytes(16, 9), "sensor-1", true));
    }

    [TestMethod]
    public void Nobody_comes_in_by_a_key_of_zeros_in_place_of_one_that_is_not_there()
    {
        for (int length = 1; length <= 64; length++)
        {
            Assert.AreEqual(Alert.DecryptError, Refused(new byte[length], "sensor-2", true), length.ToString());
        }
    }

    [TestMethod]
    public void Ends_without_a_mode_a_group_or_a_suite_in_common_part_with_handshake_failure()
    {
        Assert.AreEqual(Alert.HandshakeFailure, Parted(Bed13.NoGroup, true, Bed13.X25519, false));
        Assert.AreEqual(Alert.HandshakeFailure, Parted(Bed13.X25519, false, Bed13.NoGroup, true));
        Assert.AreEqual(Alert.HandshakeFailure, Parted(Bed13.X25519, false, [NamedGroup.Secp256r1], false));
        TestBed bed = new(
            Bed13.Options(false, 1, Bed13.NoGroup, true, TestBed.Only(Suites13.Aes128CcmSha256())),
            Bed13.Options(true, 2, Bed13.NoGroup, true, TestBed.Only(Suites13.Aes128GcmSha256())));
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(Alert.HandshakeFailure, bed.Client.Association.AlertReceived);
    }

    [TestMethod]
    public void A_server_asks_for_a_group_that_the_client_has_sent_no_key_of()
    {
        TestBed bed = new(
            Bed13.Options(false, 1, [NamedGroup.X25519, NamedGroup.Secp256r1], false), Bed13.Options(true, 2, [NamedGroup.Secp256r1], false));
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
    }

    [TestMethod]
    public void A_suite_of_SHA_384_is_not_offered_with_an_external_key()
    {
        CipherSuiteTable all = Suites13.AddTo(new CipherSuiteTable());
        TestBed bed = new(Bed13.Options(false, 1, Bed13.NoGroup, true, all), Bed13.Options(true, 2, Bed13.NoGroup, true, all));
        Assert.IsTrue(Bed13.Connect(bed));
        Assert.AreEqual(0x1301, bed.Client.Association.Suite.Id);
        byte[] hello = bed.Network.Sent[0].Bytes;
        int suites = 25 + 2 + 32 + 1 + 1;
        Assert.AreEqual("0008" + "1301" + "1303" + "1304" + "1305", Convert.ToHexString(hello.AsSpan(suites, 10)));
    }

    [TestMethod]
    public void Nothing_is_kept_of_a_client_before_its_cookie_and_less_is_sent_than_came()
    {
        TestBed bed = Bed13.PskAlone();
        bed.Network.Filter = datagram => datagram.ToServer;
        Assert.IsFalse(Bed13.Connect(bed, 3000));
        Assert.AreEqual(0, bed.Server.SessionCount);
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        List<Datagram> sent = bed.Network.Sent;
        Assert.IsTrue(sent.Where(d => !d.ToServer).All(d => d.Bytes.Length < sent[0].Bytes.Length), sent[0].Bytes.Length + " " + sent[1].Bytes.Length);
    }

    [TestMethod]
    public void A_cookie_that_is_changed_of_another_address_or_too_old_is_refused_and_nothing_kept()
    {
        byte[]? hello = null;
        TestBed bed = Bed13.PskAlone();
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && hello == null && bed.Network.Sent.Count > 2)
            {
                hello = datagram.Bytes;
                return false;
            }

            return hello == null;
        };
        Bed13.Connect(bed, 900);
        byte[] cookie = BitConverter.GetBytes((ushort)0);
        int at = IndexOfCookie(hello!);
        for (int i = 0; i < Retry.LengthFor(32); i++)
        {
            byte[] changed = (byte[])hello!.Clone();
            changed[at + i] ^= 1;
            Refuses(bed, changed, TestBed.Address, "byte " + i);
        }

        Refuses(bed, hello!, TestBed.OtherAddress, "another address");
        bed.Network.Now += 200_000;
        Refuses(bed, hello!, TestBed.Address, "too old");
        Assert.AreEqual(0, cookie[0]);
    }

    [TestMethod]
    public void Two_HelloRetryRequests_end_a_client()
    {
        TestBed bed = Bed13.PskAlone();
        byte[]? retry = null;
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer)
            {
                return true;
            }

            if (retry == null)
            {
                retry = datagram.Bytes;
                return true;
            }

            // In the place of the ServerHello.
            byte[] second = (byte[])retry.Clone();
            second[13 + 5] = 1;
            datagram.Bytes = second;
            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(DtlsError.UnexpectedMessage, bed.Client.Association.LastError);
    }

    /// <summary>Each byte of each plaintext message of the server's, changed: the client ends, or it goes on with the true one; nothing throws.</summary>
    [TestMethod]
    public void No_change_of_a_byte_on_the_way_connects_to_something_else()
    {
        int count = Count();
        for (int number = 0; number < count; number++)
        {
            int length = Bed13Length(number);
            for (int at = 0; at < length; at++)
            {
                TestBed bed = Bed13.PskAlone();
                bed.Network.Filter = datagram =>
                {
                    if (datagram.Number == number)
                    {
                        datagram.Bytes = (byte[])datagram.Bytes.Clone();
                        datagram.Bytes[at] ^= 0x41;
                    }

                    return true;
                };
                bool isConnected = Bed13.Connect(bed);
                if (isConnected)
                {
                    bed.Network.Filter = null;
                    byte[] data = TestBed.Bytes(5);
                    bed.Client.Association.Send(data, 0, 5, bed.Network.Now);
                    Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 1000), number + " " + at);
                }
            }
        }
    }

    [TestMethod]
    public void Hostile_datagrams_change_nothing_but_counters()
    {
        TestBed bed = Bed13.PskAlone();
        Assert.IsTrue(Bed13.Connect(bed));
        byte[][] seen = bed.Network.Sent.Select(d => d.Bytes).ToArray();
        Random random = new(5);
        byte[] buffer = new byte[400];
        for (int i = 0; i < 1_000_000; i++)
        {
            byte[] datagram = seen[random.Next(seen.Length)];
            int length = random.Next(1, datagram.Length + 20);
            random.NextBytes(buffer);
            if (random.Next(3) > 0)
            {
                datagram.AsSpan(0, Math.Min(length, datagram.Length)).CopyTo(buffer);
                buffer[random.Next(length)] ^= (byte)random.Next(1, 256);
            }
            else
            {
                buffer[0] = (byte)(random.Next(2) == 0 ? 0x20 | buffer[0] & 0x1F : 20 + buffer[0] % 7);
            }

            byte[] copy = buffer.AsSpan(0, length).ToArray();
            bed.Network.Deliver(true, TestBed.Address, copy);
            bed.Network.Deliver(false, TestBed.Address, buffer.AsSpan(0, length).ToArray());
            bed.Network.Deliver(true, TestBed.OtherAddress, buffer.AsSpan(0, length).ToArray());
            if (i % 100 == 0)
            {
                bed.Network.Now += 10;
                bed.Network.Flush();
                bed.Network.Sent.Clear();
            }
        }

        Assert.AreEqual(AssociationState.Connected, bed.Client.State, bed.Client.Association.LastError + " " + bed.Client.Association.AlertSent + " " + bed.Client.Association.AlertReceived + " " + bed.Server.Statistics.HandshakesCompleted);
        Assert.AreEqual(AssociationState.Connected, bed.ServerAssociation!.State);
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        byte[] data = TestBed.Bytes(5);
        bed.Client.Association.Send(data, 0, 5, bed.Network.Now);
        Assert.IsTrue(bed.Network.Run(() => bed.Client.Association.Pending > 0, 5000));
        Assert.AreEqual(bed.Client.Engine.Pool.Count, bed.Client.Engine.Pool.Available + bed.Client.Association.Pending);
    }

    [TestMethod]
    public void The_version_wants_a_group_or_a_key_alone()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new Version13([], false));
        Assert.ThrowsExactly<ArgumentException>(() => new Version13([1, 2, 3, 4, 5], false));
        Assert.ThrowsExactly<ArgumentNullException>(() => new Version13(null!, true));
        DtlsOptions options = Bed13.Options(false, 1, Bed13.NoGroup, true);
        ArgumentException exception = Assert.ThrowsExactly<ArgumentException>(() => new NfDtls.Server.DtlsServerEngine(options));
        Assert.IsGreaterThan(0, exception.Message.IndexOf("client's only", StringComparison.Ordinal));
    }

    private static void Refuses(TestBed bed, byte[] hello, byte[] address, string what)
    {
        bed.Network.Flush();
        bed.Network.Sent.Clear();
        bed.Network.Deliver(true, address, hello);
        bed.Network.Flush();
        Assert.AreEqual(0, bed.Server.SessionCount, what);
        byte[] answer = bed.Network.Sent.Single(d => !d.ToServer).Bytes;
        Assert.AreEqual(ContentType.Alert, answer[0], what);
        Assert.AreEqual(Alert.IllegalParameter, answer[14], what);
    }

    private static int IndexOfCookie(byte[] hello)
    {
        int at = hello.AsSpan().IndexOf(new byte[] { 0, Cookie13.Number, 0, (byte)(Retry.LengthFor(32) + 2) });
        Assert.IsGreaterThan(0, at);
        return at + 6;
    }

    private static int Count()
    {
        TestBed bed = Bed13.PskAlone();
        Bed13.Connect(bed);
        return bed.Network.Sent.Count;
    }

    private static int Bed13Length(int number)
    {
        TestBed bed = Bed13.PskAlone();
        Bed13.Connect(bed);
        return bed.Network.Sent[number].Bytes.Length;
    }

    private static int Refused(byte[] key, string identity, bool hides)
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        client.Psk = TestBed.Store(key, TestBed.Text(identity));
        DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
        server.HideUnknownIdentities = hides;
        TestBed bed = new(client, server);
        Assert.IsFalse(Bed13.Connect(bed));
        Assert.AreEqual(0, bed.Server.HandshakeCount);
        return bed.Client.Association.AlertReceived;
    }

    private static int Parted(int[] clientGroups, bool clientAlone, int[] serverGroups, bool serverAlone)
    {
        TestBed bed = new(Bed13.Options(false, 1, clientGroups, clientAlone), Bed13.Options(true, 2, serverGroups, serverAlone));
        Assert.IsFalse(Bed13.Connect(bed));
        return bed.Client.Association.AlertReceived;
    }
}
