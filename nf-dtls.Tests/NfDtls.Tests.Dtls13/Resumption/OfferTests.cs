using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Dtls13;

/// <summary>Several keys in one hello, each with the binder of its own hash.</summary>
[TestClass]
public class OfferTests
{
    [TestMethod]
    public void A_wrong_binder_of_the_ticket_is_a_decrypt_error_and_does_not_end_the_session_at_the_server()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        ResumableSession kept = bed.OfClient.Session;
        bed.Close();
        int hellos = 0;
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer && datagram.Bytes[0] == ContentType.Handshake && ++hellos >= 2)
            {
                // Before the last binder and its length.
                datagram.Bytes[^34] ^= 1;
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed.Bed));
        Assert.AreEqual(Alert.DecryptError, bed.Client.AlertReceived);
        bed.Network.Filter = null;
        bed.RestartClient(null, kept);
        bed.VerifyResumes();
    }

    [TestMethod]
    public void A_server_that_takes_an_identity_which_was_not_offered_is_refused()
    {
        ResumptionBed13 bed = new ResumptionBed13().Connect();
        bed.Close();
        bed.Network.Filter = datagram =>
        {
            int at = datagram.ToServer ? -1 : datagram.Bytes.AsSpan().IndexOf([(byte)0, (byte)41, (byte)0, (byte)2, (byte)0, (byte)0]);
            if (at > 0)
            {
                datagram.Bytes[at + 5] = 2;
            }

            return true;
        };
        Assert.IsFalse(Bed13.Connect(bed.Bed));
        Assert.AreEqual(DtlsError.IllegalParameter, bed.Client.LastError);
    }

    [TestMethod]
    public void Imported_keys_connect_with_suites_of_either_hash_and_a_ticket_decides_between_them()
    {
        void Import(DtlsOptions options)
        {
            ((Version13)options.Versions.At(0)).Importer = new PskImporter(TestBed.Text("field"));
        }

        CipherSuiteTable both = new CipherSuiteTable().Add(Suites13.Aes128GcmSha256()).Add(Suites13.Aes256GcmSha384());
        ResumptionBed13 bed = new(change: Import, suites: both);
        bed.RestartServer(new SessionResumption { TicketKeys = new SharedKeys() }, Import);
        bed.RestartClient(options =>
        {
            Import(options);
            options.Suites = TestBed.Only(Suites13.Aes256GcmSha384());
        });
        bed.Connect();
        Assert.AreEqual(0x1302, bed.Client.Suite.Id);
        CollectionAssert.AreEqual(TestBed.Text("sensor-1"), bed.Server.PskIdentity);
        bed.VerifyResumes("SHA-384");
        bed.RestartClient(Import);
        bed.VerifyResumes("ticket of SHA-384, keys of both");
        Assert.AreEqual(0x1302, bed.Client.Suite.Id);

        // Other keys: what is imported for the first suite counts.
        bed.RestartServer(null, Import);
        bed.VerifyFull("other keys");
        Assert.AreEqual(0x1301, bed.Client.Suite.Id);
        bed.VerifyResumes("SHA-256");
    }

    [TestMethod]
    public void A_ticket_of_a_hash_that_the_client_has_no_suite_of_is_not_offered()
    {
        void Import(DtlsOptions options)
        {
            ((Version13)options.Versions.At(0)).Importer = new PskImporter([]);
        }

        ResumptionBed13 bed = new(change: Import, suites: new CipherSuiteTable().Add(Suites13.Aes256GcmSha384()).Add(Suites13.Aes128GcmSha256()));
        bed.Connect();
        bed.RestartClient(options =>
        {
            Import(options);
            options.Suites = TestBed.Only(bed.Client.Suite.Id == 0x1301 ? Suites13.Aes256GcmSha384() : Suites13.Aes128GcmSha256());
        });
        bed.VerifyFull();
    }

    [TestMethod]
    public void A_key_that_only_one_end_imports_is_unknown_to_the_other()
    {
        foreach (bool ofServer in new[] { false, true })
        {
            DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
            DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
            ((Version13)(ofServer ? server : client).Versions.At(0)).Importer = new PskImporter([]);
            TestBed bed = new(client, server);
            Assert.IsFalse(Bed13.Connect(bed));
            Assert.AreEqual(Alert.UnknownPskIdentity, bed.Client.Association.AlertReceived);
        }
    }

    [TestMethod]
    public void An_imported_key_in_a_context_is_one_key_for_each_context_and_an_unknown_one_may_be_hidden()
    {
        foreach (bool isKnown in new[] { true, false })
        {
            DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
            DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true);
            server.HideUnknownIdentities = true;
            client.Psk = isKnown ? client.Psk : TestBed.Store(TestBed.Key, TestBed.Text("other"));
            ((Version13)client.Versions.At(0)).Importer = new PskImporter(TestBed.Text("client"));
            ((Version13)server.Versions.At(0)).Importer = new PskImporter(TestBed.Text("server"));
            TestBed bed = new(client, server);
            Assert.AreEqual(isKnown, Bed13.Connect(bed));
            Assert.AreEqual(isKnown ? Alert.None : Alert.DecryptError, bed.Client.Association.AlertReceived);
        }
    }

    [TestMethod]
    public void The_application_is_asked_for_the_key_behind_an_imported_identity()
    {
        CipherSuiteTable both = new CipherSuiteTable().Add(Suites13.Aes128GcmSha256()).Add(Suites13.Aes256GcmSha384());
        foreach (CipherSuite only in new[] { Suites13.Aes128GcmSha256(), Suites13.Aes256GcmSha384() })
        {
            DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true, both);
            DtlsOptions server = Bed13.Options(true, 2, Bed13.NoGroup, true, TestBed.Only(only));
            ((Version13)client.Versions.At(0)).Importer = new PskImporter([]);
            ((Version13)server.Versions.At(0)).Importer = new PskImporter([]);
            server.Psk = null;
            server.AskForPsk = true;
            TestBed bed = new(client, server);
            bed.Network.PskWanted = request =>
            {
                CollectionAssert.AreEqual(TestBed.Text("sensor-1"), request.Asked);
                request.Answer(TestBed.Key);
            };
            Assert.IsTrue(Bed13.Connect(bed), only.Name + " " + bed.Client.Association.LastError);
        }
    }

    [TestMethod]
    public void Another_server_name_means_a_full_handshake()
    {
        void Name(DtlsOptions options, string name)
        {
            options.ServerName = name;
            options.Extensions = [new ServerNameExtension()];
        }

        ResumptionBed13 bed = new(change: options => Name(options, "a.example"));
        bed.Connect();
        bed.VerifyResumes("the same");
        bed.RestartClient(options => Name(options, "b.example"));
        bed.VerifyFull("another");
    }

    [TestMethod]
    public void Where_keys_are_of_one_client_alone_a_session_goes_on_with_those_keys_only()
    {
        ResumptionBed13 bed = new(change: options => options.AskToConnect = true);
        byte[] key = TestBed.Key;
        bed.Connecting = request => request.Accept(TestBed.Store(key, TestBed.Text("sensor-1")), null);
        bed.Connect();
        bed.VerifyResumes("the same");
        key = TestBed.Bytes(16, 0x21);
        bed.RestartClient(options => options.Psk = TestBed.Store(key, TestBed.Text("sensor-1")));
        bed.VerifyFull("another");
    }

    /// <summary>RFC 8446 section 4.2.10: a server that takes none goes on, and lets the records fall.</summary>
    [TestMethod]
    public void A_hello_that_offers_early_data_connects_and_its_records_are_dropped_and_counted()
    {
        DtlsOptions client = Bed13.Options(false, 1, Bed13.NoGroup, true);
        client.Extensions = [new EarlyData()];
        TestBed bed = new(client, Bed13.Options(true, 2, Bed13.NoGroup, true));
        byte[] early = [0x2D, 0, 0, 0, 40, .. TestBed.Bytes(40)];
        int injected = 0;
        bed.Network.Filter = datagram =>
        {
            if (datagram.ToServer)
            {
                bed.Network.Inject(true, datagram.Address, early, 1);
                injected++;
            }

            return true;
        };
        int before = bed.Server.Statistics.DroppedInAll;
        Assert.IsTrue(Bed13.Connect(bed), bed.Client.Association.LastError.ToString());
        bed.Network.Run(1000);
        Assert.IsGreaterThanOrEqualTo(3, injected);
        Assert.AreEqual(before + injected, bed.Server.Statistics.DroppedInAll);
        Assert.IsFalse(bed.Network.Sent.Any(d => d.ToServer && (d.Bytes[0] & 0xE3) == 0x21), "early data was sent");
    }

    private sealed class EarlyData : HelloExtension
    {
        public override int Type
        {
            get { return 42; }
        }

        public override int VersionMask
        {
            get { return CipherSuite.Version13; }
        }

        public override bool Writes(Handshake handshake, int messageType)
        {
            return messageType == HandshakeType.ClientHello;
        }

        public override void Write(Handshake handshake, int messageType, WireWriter writer)
        {
        }

        public override DtlsError Read(Handshake handshake, int messageType, WireReader reader)
        {
            return DtlsError.IllegalParameter;
        }
    }
}
