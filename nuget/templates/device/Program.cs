using System;
using System.Net.NetworkInformation;
using System.Text;
using System.Threading;
using NfDtls;
using NfDtls.Crypto.Stock;
using NfDtls.Sockets;

namespace DtlsDevice1
{
    /// <summary>Sends a line to a DTLS server every minute. Which network the board joins is configured in the board.</summary>
    public static class Program
    {
        private const string Server = "SERVER-NAME";
        private const int Port = 5684;
        private const int ConnectTimeout = 60000;
        private const int AnswerTimeout = 5000;
        private const int Interval = 60000;

        private static readonly byte[] Answer = new byte[1024];

        public static void Main()
        {
            WaitForAddress();
            DtlsErrors.UseInExceptions();
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = StockProvider.Create(new StockEntropy());
            options.Suites = PskSuites.Modern();
            options.Psk = new PskStore();
            options.Psk.Add(Secrets.Key(), Secrets.Identity);
            using (DtlsClient client = new DtlsClient(options))
            {
                client.Error += OnError;
                while (true)
                {
                    Send(client, "hello");
                    Thread.Sleep(Interval);
                }
            }
        }

        private static void Send(DtlsClient client, string line)
        {
            try
            {
                if (client.State != AssociationState.Connected && !client.Connect(Server, Port, ConnectTimeout))
                {
                    // The handshake goes on, and the next call waits for it.
                    Console.WriteLine("No answer from " + Server + " yet.");
                    return;
                }

                client.Send(Encoding.UTF8.GetBytes(line));
                int length = client.Receive(Answer, 0, AnswerTimeout);
                Console.WriteLine(length < 0 ? "Nothing came back." : "Received: " + Encoding.UTF8.GetString(Answer, 0, length));
            }
            catch (DtlsException e)
            {
                // The next time it connects anew.
                Console.WriteLine(e.Message);
                client.Reset();
            }
        }

        private static void OnError(DtlsError error, Exception exception)
        {
            Console.WriteLine(exception.Message);
        }

        private static void WaitForAddress()
        {
            while (true)
            {
                NetworkInterface[] interfaces = NetworkInterface.GetAllNetworkInterfaces();
                for (int i = 0; i < interfaces.Length; i++)
                {
                    string address = interfaces[i].IPv4Address;
                    if (address != null && address.Length > 0 && address != "0.0.0.0")
                    {
                        Console.WriteLine("Our address is " + address + ".");
                        return;
                    }
                }

                Thread.Sleep(500);
            }
        }
    }
}
