using NfDtls.Sockets;
using NfDtls.X509;

namespace NfDtls.Applications
{
    /// <summary>A sensor that knows its server by a certificate, and proves itself by one of P-256.</summary>
    public static class Program
    {
        public static void Main()
        {
            // The three would be resources of the application.
            byte[] trusted = new byte[0], own = new byte[0], key = new byte[0];
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = Firmware.Crypto();
            CertificateStore store = new CertificateStore(options.Crypto);
            store.AddTrusted(new DtlsCertificate(trusted));
            store.AddLocal(new DtlsCertificate(own), null, PrivateKeyReader.Read(key));
            options.Suites = CertificateSuites.Constrained();
            options.Authenticator = new CertificateAuthenticator(store);
            options.ServerName = "server.example.com";
            DtlsClient client = new DtlsClient(options);
            byte[] buffer = new byte[64];
            while (client.Connect("192.168.1.10", 5684, 60000))
            {
                client.Send(buffer, 0, buffer.Length);
                client.Receive(buffer, 0, 2000);
                client.Close(1000);
            }
        }
    }
}
