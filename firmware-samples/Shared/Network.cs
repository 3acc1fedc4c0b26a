using System;
using System.Net.NetworkInformation;
using System.Threading;

namespace NfDtls.Samples
{
    /// <summary>Waits until the board has an address. Which network it joins is configured in the board, not here: see the sample's README.</summary>
    internal static class Network
    {
        private const int PauseMilliseconds = 500;

        internal static void WaitForAddress()
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

                Thread.Sleep(PauseMilliseconds);
            }
        }
    }
}
