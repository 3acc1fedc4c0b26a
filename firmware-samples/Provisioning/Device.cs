using System;
using System.Threading;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>Reports a temperature by CoAP to the server that it was given.</summary>
    internal sealed class Device
    {
        private const int MaxMessage = 128;

        private readonly DtlsLinks _links;
        private readonly Provisioner _provisioner;
        private readonly Thermometer _thermometer = new Thermometer();
        private CoapExchange _exchange;

        internal Device(DtlsLinks links, SlotMemory memory)
        {
            _links = links;
            _provisioner = new Provisioner(new CredentialStore(memory), links, Settings.Tries);
        }

        /// <summary>Reports so many times, or for ever with 0; returns how many reports were taken.</summary>
        internal int Run(int reports, int interval)
        {
            int taken = 0;
            for (int i = 0; reports == 0 || i < reports; i++)
            {
                if (i > 0)
                {
                    Thread.Sleep(interval);
                }

                string temperature = _thermometer.Read();
                bool isTaken = Report(temperature);
                Console.WriteLine(temperature + (isTaken ? " was taken." : " was not taken."));
                taken += isTaken ? 1 : 0;
            }

            _links.Close();
            return taken;
        }

        private bool Report(string temperature)
        {
            if (_links.Client == null)
            {
                if (!_provisioner.Connect())
                {
                    return false;
                }

                _exchange = new CoapExchange(new ClientChannel(_links.Client), MaxMessage, CoapExchange.AckTimeout);
            }

            try
            {
                int code = _exchange.Put(Settings.Resource, temperature);
                if (code == CoapMessage.Created || code == CoapMessage.Changed)
                {
                    return true;
                }

                Console.WriteLine(code == CoapExchange.NoAnswer ? "No answer from the server." : "The server answered " + CoapMessage.Describe(code) + ".");
            }
            catch (DtlsException exception)
            {
                Console.WriteLine(exception.Message);
            }

            // The next report connects anew.
            _links.Close();
            return false;
        }
    }
}
