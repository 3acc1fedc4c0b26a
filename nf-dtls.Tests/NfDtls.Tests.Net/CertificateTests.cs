using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Net;

/// <summary>Ends that prove themselves by X509Certificate2, and whom they believe.</summary>
[TestClass]
public sealed class CertificateTests
{
    private readonly Certified _authority = new();

    [TestCleanup]
    public void Clean()
    {
        _authority.Dispose();
    }

    [TestMethod]
    public async Task Both_ends_show_certificates_and_see_the_others()
    {
        using X509Certificate2 own = _authority.Server();
        using X509Certificate2 device = _authority.Client();
        await using DtlsListener listener = await ListenAsync(own, options =>
        {
            options.ClientCertificates = ClientCertificates.Require;
            options.TrustedCertificates = [_authority.Root];
        });
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options =>
        {
            Trust(options);
            options.Certificates = [device];
        });
        await using (client)
        {
            Assert.AreEqual(own.Thumbprint, client.RemoteCertificate!.Thumbprint);
            Assert.AreEqual(device.Thumbprint, server.RemoteCertificate!.Thumbprint);
            Assert.IsNull(server.PskIdentity);
            await Ends.SendAsync(client, "certified");
            Assert.AreEqual("certified", await Ends.ReceiveAsync(server));
        }
    }

    [TestMethod]
    public async Task A_client_without_a_certificate_is_refused_where_one_is_required_and_taken_where_it_is_asked_for()
    {
        using X509Certificate2 own = _authority.Server();
        foreach (ClientCertificates wanted in new[] { ClientCertificates.Request, ClientCertificates.Require })
        {
            await using DtlsListener listener = await ListenAsync(own, options =>
            {
                options.ClientCertificates = wanted;
                options.TrustedCertificates = [_authority.Root];
            });
            if (wanted == ClientCertificates.Request)
            {
                await using DtlsConnection client = await Ends.ConnectAsync(listener, Trust);
            }
            else
            {
                DtlsException e = await Ends.FailsAsync(DtlsError.AlertReceived, () => Ends.ConnectAsync(listener, Trust));
                Assert.AreEqual(Alert.HandshakeFailure, e.AlertReceived);
            }
        }
    }

    [TestMethod]
    public async Task Keys_of_each_kind_sign_without_leaving_their_object()
    {
        AsymmetricAlgorithm[] keys = [ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDsa.Create(ECCurve.NamedCurves.nistP384), RSA.Create(2048)];
        foreach (AsymmetricAlgorithm key in keys)
        {
            using X509Certificate2 own = _authority.ServerWith(key);
            await using DtlsListener listener = await ListenAsync(own);
            await using DtlsConnection client = await Ends.ConnectAsync(listener, Trust);
            Assert.AreEqual(own.Thumbprint, client.RemoteCertificate!.Thumbprint);
        }
    }

    [TestMethod]
    public async Task What_stands_between_a_certificate_and_the_root_is_sent_with_it()
    {
        using X509Certificate2 between = _authority.Intermediate();
        using X509Certificate2 own = _authority.ServerBelow(between);
        await using DtlsListener alone = await ListenAsync(own);
        await Ends.FailsAsync(DtlsError.UnknownCa, () => Ends.ConnectAsync(alone, Trust));
        await using DtlsListener listener = await ListenAsync(own, options => options.IntermediateCertificates = [_authority.Root, between]);
        await using DtlsConnection client = await Ends.ConnectAsync(listener, Trust);
    }

    [TestMethod]
    public async Task A_certificate_for_another_name_purpose_or_time_or_of_a_stranger_is_refused_and_told_why()
    {
        using Certified stranger = new("Stranger");
        (X509Certificate2 Certificate, string Name, DtlsError Error)[] cases =
        [
            (_authority.Server(), "other.example", DtlsError.CertificateNameMismatch),
            (_authority.ServerWith(ECDsa.Create(ECCurve.NamedCurves.nistP256), Certified.ClientPurpose), Certified.ServerName, DtlsError.CertificatePurpose),
            (_authority.ServerWith(ECDsa.Create(ECCurve.NamedCurves.nistP256), until: DateTimeOffset.UtcNow.AddDays(-1)), Certified.ServerName, DtlsError.CertificateExpired),
            (stranger.Server(), Certified.ServerName, DtlsError.UnknownCa),
        ];
        foreach ((X509Certificate2 certificate, string name, DtlsError error) in cases)
        {
            await using DtlsListener listener = await ListenAsync(certificate);
            await Ends.FailsAsync(error, () => Ends.ConnectAsync(listener, options =>
            {
                Trust(options);
                options.TargetHost = name;
            }));
        }
    }

    [TestMethod]
    public void A_weak_key_is_refused_also_where_the_call_back_takes_everything()
    {
        using RSA weak = RSA.Create(1024);
        using X509Certificate2 own = _authority.ServerWith(weak);
        PeerTrust trust = new(new DtlsClientOptions { TrustedCertificates = [_authority.Root], RemoteCertificateValidationCallback = (_, _, _, _) => true }, Certified.ServerName) { Sender = this };
        Assert.AreEqual(DtlsError.CertificateTooWeak, trust.Verify([own.RawData]));
        using X509Certificate2 strong = _authority.Server();
        Assert.AreEqual(DtlsError.None, trust.Verify([strong.RawData]));
        Assert.AreEqual(DtlsError.BadCertificate, trust.Verify([[0x30, 0]]));
    }

    [TestMethod]
    public async Task Without_a_name_the_certificate_must_be_for_the_address()
    {
        using X509Certificate2 own = _authority.Server();
        await using DtlsListener listener = await ListenAsync(own);
        await using DtlsConnection client = await Ends.ConnectAsync(listener, options =>
        {
            Trust(options);
            options.TargetHost = null;
        });
    }

    [TestMethod]
    public async Task The_call_back_has_the_last_word_and_is_told_of_every_error()
    {
        using Certified stranger = new("Stranger");
        using X509Certificate2 own = stranger.Server();
        await using DtlsListener listener = await ListenAsync(own);
        foreach (bool isTaken in new[] { true, false })
        {
            SslPolicyErrors told = SslPolicyErrors.None;
            object? sender = null;
            Task<DtlsConnection> connecting = Ends.ConnectAsync(listener, options =>
            {
                Trust(options);
                options.TargetHost = "other.example";
                options.RemoteCertificateValidationCallback = (from, certificate, chain, errors) =>
                {
                    sender = from;
                    told = errors;
                    return isTaken;
                };
            });
            if (isTaken)
            {
                await using DtlsConnection client = await connecting;
                Assert.AreSame(client, sender);
            }
            else
            {
                await Ends.FailsAsync(DtlsError.CertificateRefused, () => connecting);
            }

            Assert.AreEqual(SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch, told);
        }
    }

    [TestMethod]
    public async Task A_policy_of_the_applications_is_followed()
    {
        using X509Certificate2 own = _authority.ServerWith(ECDsa.Create(ECCurve.NamedCurves.nistP256), until: DateTimeOffset.UtcNow.AddDays(-1));
        await using DtlsListener listener = await ListenAsync(own);
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid };
        policy.CustomTrustStore.Add(_authority.Root);
        await using DtlsConnection client = await Ends.ConnectAsync(listener, options =>
        {
            Trust(options);
            options.TrustedCertificates = null;
            options.ChainPolicy = policy;
        });
        Assert.IsEmpty(policy.ExtraStore, "The application's own is not changed.");
    }

    [TestMethod]
    public async Task A_call_back_that_blocks_holds_up_its_own_handshake_alone()
    {
        using X509Certificate2 own = _authority.Server();
        using System.Threading.ManualResetEventSlim goOn = new();
        using X509Certificate2 slow = _authority.Client("CN=slow");
        using X509Certificate2 quick = _authority.Client("CN=quick");
        await using DtlsListener listener = await ListenAsync(own, options =>
        {
            options.ClientCertificates = ClientCertificates.Require;
            options.TrustedCertificates = [_authority.Root];
            options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                if (certificate!.Subject == "CN=slow")
                {
                    goOn.Wait();
                }

                return errors == SslPolicyErrors.None;
            };
        });
        Task<DtlsConnection> waiting = Ends.ConnectAsync(listener, options => Show(options, slow));
        await Ends.UntilAsync(() => listener.GetStatistics().Handshakes == 1, "a handshake");
        await using (await Ends.ConnectAsync(listener, options => Show(options, quick)))
        {
            Assert.IsFalse(waiting.IsCompleted);
        }

        goOn.Set();
        await (await waiting).DisposeAsync();
    }

    [TestMethod]
    public async Task New_certificates_serve_new_handshakes_and_connections_go_on()
    {
        using X509Certificate2 first = _authority.Server();
        using X509Certificate2 second = _authority.Server();
        await using DtlsListener listener = await ListenAsync(first, options => options.Shards = 2);
        _ = Ends.EchoAsync(listener);
        await using DtlsConnection old = await Ends.ConnectAsync(listener, Trust);
        listener.UpdateCertificates([second]);
        await using DtlsConnection young = await Ends.ConnectAsync(listener, Trust);
        Assert.AreEqual(first.Thumbprint, old.RemoteCertificate!.Thumbprint);
        Assert.AreEqual(second.Thumbprint, young.RemoteCertificate!.Thumbprint);
        await Ends.AssertEchoesAsync(old, "still here");
        Assert.ThrowsExactly<ArgumentException>(() => listener.UpdateCertificates([_authority.Root]));
        Assert.ThrowsExactly<ArgumentException>(() => listener.UpdateCertificates([]));
        await using DtlsConnection third = await Ends.ConnectAsync(listener, Trust);
        Assert.AreEqual(second.Thumbprint, third.RemoteCertificate!.Thumbprint);
    }

    [TestMethod]
    public async Task S_client_verifies_our_certificate_and_shows_its_own()
    {
        string folder = Directory.CreateTempSubdirectory("nfdtls-net").FullName;
        try
        {
            using X509Certificate2 own = _authority.Server();
            using X509Certificate2 device = _authority.Client();
            await File.WriteAllTextAsync(Path.Combine(folder, "root.pem"), _authority.Root.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "device.pem"), device.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "device.key"), device.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
            await using DtlsListener listener = await ListenAsync(own, options =>
            {
                options.ClientCertificates = ClientCertificates.Require;
                options.TrustedCertificates = [_authority.Root];
            });
            using PeerProgram peer = PeerProgram.Start(true, "openssl", "s_client", "-dtls1_2", "-quiet", "-connect", listener.LocalEndPoint.ToString(),
                "-servername", Certified.ServerName, "-verify_return_error", "-verify_hostname", Certified.ServerName,
                "-CAfile", Path.Combine(folder, "root.pem"), "-cert", Path.Combine(folder, "device.pem"), "-key", Path.Combine(folder, "device.key"));
            await using DtlsConnection connection = await listener.AcceptConnectionAsync().AsTask().WaitAsync(Ends.Patience);
            Assert.AreEqual(device.Thumbprint, connection.RemoteCertificate!.Thumbprint);
            Assert.AreEqual(Certified.ServerName, connection.TargetHostName);
            await Ends.AssertEchoesAsync(connection, "said by s_client\n");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [TestMethod]
    public async Task S_server_is_verified_by_our_client()
    {
        string folder = Directory.CreateTempSubdirectory("nfdtls-net").FullName;
        try
        {
            using RSA key = RSA.Create(2048);
            using X509Certificate2 own = _authority.ServerWith(key);
            await File.WriteAllTextAsync(Path.Combine(folder, "own.pem"), own.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "own.key"), key.ExportPkcs8PrivateKeyPem());
            int port = PeerProgram.FreePort();
            using PeerProgram peer = PeerProgram.Start(true, "openssl", "s_server", "-dtls1_2", "-quiet", "-accept", port.ToString(CultureInfo.InvariantCulture),
                "-cert", Path.Combine(folder, "own.pem"), "-key", Path.Combine(folder, "own.key"));
            peer.WaitForPort(port);
            DtlsClientOptions options = Ends.ClientOptions(new IPEndPoint(IPAddress.Loopback, port));
            Trust(options);
            await using DtlsConnection client = await DtlsConnection.ConnectAsync(options).AsTask().WaitAsync(Ends.Patience);
            Assert.AreEqual(own.Thumbprint, client.RemoteCertificate!.Thumbprint);
            await Ends.AssertEchoesAsync(client, "said by us\n");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static async Task<DtlsListener> ListenAsync(X509Certificate2 own, Action<DtlsListenerOptions>? change = null)
    {
        return await Ends.ListenAsync(options =>
        {
            options.PskCallback = null;
            options.Certificates = [own];
            change?.Invoke(options);
        });
    }

    private void Trust(DtlsClientOptions options)
    {
        options.Psk = null;
        options.TrustedCertificates = [_authority.Root];
        options.TargetHost = Certified.ServerName;
    }

    private void Show(DtlsClientOptions options, X509Certificate2 own)
    {
        Trust(options);
        options.Certificates = [own];
    }
}
