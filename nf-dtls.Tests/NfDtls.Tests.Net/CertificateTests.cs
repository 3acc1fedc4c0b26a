using System;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Net;

namespace NfDtls.Tests.Net;

/// <summary>Ends that prove themselves by X509Certificate2, and whom they believe, in one version of DTLS.</summary>
public abstract class CertificateTests
{
    private readonly Certified _authority = new();
    private readonly DtlsProtocols _version;

    private protected CertificateTests(DtlsProtocols version)
    {
        _version = version;
    }

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
            Assert.AreEqual(_version, client.NegotiatedProtocol);
            Assert.AreEqual(_version, server.NegotiatedProtocol);
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
                // A client of 1.3 is done before the server has seen what it shows.
                DtlsException e = await Ends.FailsAsync(DtlsError.AlertReceived, async () =>
                {
                    await using DtlsConnection client = await Ends.ConnectAsync(listener, Trust);
                    await client.ReceiveAsync(new byte[1]);
                });
                Assert.AreEqual(Is13 ? Alert.CertificateRequired : Alert.HandshakeFailure, e.AlertReceived);
            }
        }
    }

    [TestMethod]
    public async Task Keys_of_each_kind_sign_without_leaving_their_object()
    {
        Func<AsymmetricAlgorithm>[] kinds =
        [
            () => ECDsa.Create(ECCurve.NamedCurves.nistP256), () => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            () => ECDsa.Create(ECCurve.NamedCurves.nistP521), () => RSA.Create(2048), () => RSA.Create(3072),
        ];
        foreach (Func<AsymmetricAlgorithm> make in kinds)
        {
            using X509Certificate2 own = _authority.ServerWith(make());
            using X509Certificate2 device = _authority.ServerWith(make(), Certified.ClientPurpose);
            await using DtlsListener listener = await ListenAsync(own, options =>
            {
                options.ClientCertificates = ClientCertificates.Require;
                options.TrustedCertificates = [_authority.Root];
            });
            (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options => Show(options, device));
            await using (client)
            {
                Assert.AreEqual(own.Thumbprint, client.RemoteCertificate!.Thumbprint);
                Assert.AreEqual(device.Thumbprint, server.RemoteCertificate!.Thumbprint);
            }
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

        // A client of 1.3 is done early, but not accepted before its certificate is.
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, options => Show(options, quick));
        Assert.AreEqual(quick.Thumbprint, server.RemoteCertificate!.Thumbprint);
        Task<DtlsConnection> accepting = listener.AcceptConnectionAsync().AsTask();
        Assert.IsFalse(accepting.IsCompleted);
        goOn.Set();
        Assert.AreEqual(slow.Thumbprint, (await accepting.WaitAsync(Ends.Patience)).RemoteCertificate!.Thumbprint);
        await client.DisposeAsync();
        await (await waiting).DisposeAsync();
    }

    [TestMethod]
    public async Task Keys_and_certificates_are_taken_by_one_listener()
    {
        using X509Certificate2 own = _authority.Server();
        await using DtlsListener listener = await ListenAsync(own, options => options.PskCallback = Ends.ListenerOptions().PskCallback);
        (DtlsConnection client, DtlsConnection server) = await Ends.PairAsync(listener, Trust);
        await using (client)
        {
            Assert.AreEqual(own.Thumbprint, client.RemoteCertificate!.Thumbprint);
            Assert.IsNull(server.PskIdentity);
        }

        (client, server) = await Ends.PairAsync(listener, options => options.EnabledProtocols = _version);
        await using (client)
        {
            Assert.IsNull(client.RemoteCertificate);
            Assert.IsNotNull(server.PskIdentity);
            Assert.AreEqual(_version, server.NegotiatedProtocol);
        }
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

    private bool Is13 => _version == DtlsProtocols.Dtls13;

    private async Task<DtlsListener> ListenAsync(X509Certificate2 own, Action<DtlsListenerOptions>? change = null)
    {
        return await Ends.ListenAsync(options =>
        {
            options.PskCallback = null;
            options.EnabledProtocols = _version;
            options.Certificates = [own];
            change?.Invoke(options);
        });
    }

    private void Trust(DtlsClientOptions options)
    {
        options.Psk = null;
        options.EnabledProtocols = _version;
        options.TrustedCertificates = [_authority.Root];
        options.TargetHost = Certified.ServerName;
    }

    private void Show(DtlsClientOptions options, X509Certificate2 own)
    {
        Trust(options);
        options.Certificates = [own];
    }
}

/// <summary>In DTLS 1.2.</summary>
[TestClass]
public sealed class Certificate12Tests : CertificateTests
{
    public Certificate12Tests()
        : base(DtlsProtocols.Dtls12)
    {
    }
}

/// <summary>In DTLS 1.3, where CertificateVerify of either end signs the whole handshake, RSA by PSS.</summary>
[TestClass]
public sealed class Certificate13Tests : CertificateTests
{
    public Certificate13Tests()
        : base(DtlsProtocols.Dtls13)
    {
    }
}
