using System;
using System.Text;

namespace NfDtls.Samples.CoapsSensor
{
    /// <summary>Reports a temperature by CoAP.</summary>
    internal sealed class SensorApplication : ReportingClient
    {
        private const int MaxMessage = 128;

        private readonly Thermometer _thermometer = new Thermometer();
        private readonly CoapExchange _exchange;

        internal SensorApplication(CryptoProvider crypto, string server, int port)
            : base(Options(crypto), server, port)
        {
            _exchange = new CoapExchange(new ClientChannel(Client), MaxMessage, CoapExchange.AckTimeout);
        }

        protected override string NextReport()
        {
            return _thermometer.Read();
        }

        protected override bool Exchange(string report)
        {
            int code = _exchange.Put(Settings.Resource, report);
            if (code == CoapExchange.NoAnswer)
            {
                GiveUp();
                return false;
            }

            bool isTaken = code == CoapMessage.Created || code == CoapMessage.Changed;
            if (!isTaken)
            {
                Console.WriteLine("The server answered " + CoapMessage.Describe(code) + ".");
            }

            return isTaken;
        }

        private static DtlsOptions Options(CryptoProvider crypto)
        {
            DtlsOptions options = DtlsOptions.Iot();
            options.Crypto = crypto;

            // What the constrained provider can do: the suite of CoAP, and the same with a whole tag, for servers that have no short ones.
            options.Suites = PskSuites.Constrained().Add(PskSuites.Aes128Ccm());
            options.Psk = new PskStore();
#pragma warning disable NFD001 // A key to try the sample with; a device reads its own from where it was provisioned.
            options.Psk.Add(Encoding.UTF8.GetBytes(Settings.Key), Settings.Identity);
#pragma warning restore NFD001
            options.PoolPackets = 6;
            return options;
        }
    }
}
