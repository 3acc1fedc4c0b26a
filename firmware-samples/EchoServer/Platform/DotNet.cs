using System;
using NfDtls.Crypto.Stock;

namespace NfDtls.Samples.EchoServer
{
    /// <summary>The application on .NET; the port may be given.</summary>
    public static class Platform
    {
        /// <summary>Runs the server.</summary>
        public static void Main(string[] arguments)
        {
            int port = arguments.Length > 0 ? int.Parse(arguments[0]) : Settings.Port;
            new EchoApplication(StockProvider.Create(new SystemEntropy())).Run(port);
        }

        internal static void Print(string line)
        {
            Console.WriteLine(line);
        }
    }
}
