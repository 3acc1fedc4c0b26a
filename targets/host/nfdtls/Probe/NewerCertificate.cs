using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NfDtls.Dtls13;
using NfDtls.X509;

namespace NfDtls.Tool;

/// <summary>
/// The certificates of a server of DTLS 1.3, which are encrypted: a real handshake, up to where this end does not trust them, and
/// read with its own key log.
/// </summary>
internal sealed class NewerCertificate : KeyLog
{
    private const int Slice = 10;

    private readonly KeyLogSecrets _secrets = new KeyLogSecrets();
    private readonly DatagramDecoder _decoder;
    private readonly List<Node> _found = [];

    private NewerCertificate()
    {
        _decoder = new DatagramDecoder(_secrets);
    }

    /// <summary>What the server shows within a time; nothing where it shows none.</summary>
    public static List<Node> Of(IPEndPoint server, string host, int milliseconds)
    {
        NewerCertificate one = new NewerCertificate();
        one.Run(server, host, milliseconds);
        return one._found;
    }

    public override void Write(byte[] clientRandom, byte[] masterSecret)
    {
        Write("CLIENT_RANDOM", clientRandom, masterSecret);
    }

    public override void Write(string label, byte[] clientRandom, byte[] secret)
    {
        _secrets.Add($"{label} {Convert.ToHexString(clientRandom, 0, 32)} {Convert.ToHexString(secret)}");
    }

    private void Run(IPEndPoint server, string host, int milliseconds)
    {
        CryptoProvider crypto = CryptoChoice.Parse(CryptoChoice.Default).Make();
        CertificateStore store = new CertificateStore(crypto) { Clock = new SystemClock() };
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest nobody = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256);
        nobody.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 own = nobody.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        store.AddTrusted(new DtlsCertificate(own.RawData));
        DtlsOptions options = new DtlsOptions
        {
            Crypto = crypto,
            Versions = new VersionTable().Add(new Version13([NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1], false)),
            Suites = Suites13.AddTo(new CipherSuiteTable()),
            Authenticator = new CertificateAuthenticator(store),
            ServerName = Udp.WithoutZone(host),
            KeyLog = this,
            ReceiveSize = DtlsOptions.MaxMtu,
            MaxChainBytes = CertificateSettings.ChainBytes,
            MaxChainLength = CertificateSettings.ChainLength,
            TranscriptBytes = 4 * CertificateSettings.ChainBytes,
            MaxHandshakeMessage = CertificateSettings.ChainBytes,
            RetransmitTimeout = 500,
        };
        DtlsClientEngine engine = new DtlsClientEngine(options);
        using Socket socket = Udp.Bind(Udp.Any(server.AddressFamily));
        socket.Connect(server);
        byte[] buffer = new byte[65536];
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            engine.Connect(0);
            while (engine.Association.State == AssociationState.Connecting && clock.ElapsedMilliseconds < milliseconds)
            {
                Send(engine, socket, buffer, clock);
                if (socket.Poll(Slice * 1000, SelectMode.SelectRead))
                {
                    int count = socket.Receive(buffer);
                    byte[] datagram = buffer.AsSpan(0, count).ToArray();
                    engine.HandleDatagram(buffer, 0, count, clock.ElapsedMilliseconds);
                    _found.AddRange(_decoder.ReadDatagram(0, "", "server", "client", datagram).All("certificate"));
                }

                engine.HandleTimeout(clock.ElapsedMilliseconds);
            }

            // The alert that says goodbye.
            Send(engine, socket, buffer, clock);
        }
        catch (Exception e) when (e is SocketException or DtlsException)
        {
            // Then it shows none.
        }
    }

    private void Send(DtlsClientEngine engine, Socket socket, byte[] buffer, Stopwatch clock)
    {
        for (Packet? packet = engine.PollDatagram(clock.ElapsedMilliseconds); packet != null; packet = engine.PollDatagram(clock.ElapsedMilliseconds))
        {
            int count = packet.CopyTo(buffer, 0);
            packet.Return();
            _decoder.ReadDatagram(0, "", "client", "server", buffer.AsSpan(0, count).ToArray());
            socket.Send(buffer, count, SocketFlags.None);
        }
    }
}
