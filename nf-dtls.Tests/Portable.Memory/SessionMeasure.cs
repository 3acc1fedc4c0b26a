using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Server;

namespace NfDtls.Tests.Memory
{
    /// <summary>
    /// What one more established session of AES_128_CCM_8 with a pre-shared key takes of the heap beyond the pool, and what a handshake
    /// takes at its peak. On .NET nothing is measured, but everything runs.
    /// </summary>
    internal class SessionMeasure
    {
        private const int Few = 2;

        // The server's maps double with the fourth association and with the eighth, counted with one that is free: what they take is
        // a part of what each of these takes.
        private const int More = 4;

        internal void Verify(string what, CryptoProvider crypto, int before, int most, int mostAtPeak)
        {
            // AES's table is one piece of 2 KB, made when it is first wanted: now there is one, in the midst of calls there may be none.
            crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, new byte[16], 0, 8).Clear();
            PacketPool pool = new PacketPool(4, 320);
            Sampler sampler = new Sampler();

            // The first makes what all of them share.
            ServerOf(Options(crypto, pool, Few, sampler, true));
            int many = ServerOf(Options(crypto, pool, Few + More, sampler, true));
            int construction = (many - ServerOf(Options(crypto, pool, Few, sampler, true))) / More;
            DtlsServerEngine server = new DtlsServerEngine(Options(crypto, pool, Few, sampler, true));
            DtlsClientEngine client = new DtlsClientEngine(Options(crypto, pool, 1, sampler, false));
            int connection = 0;
            int peak = 0;
            for (int i = 0; i < Few; i++)
            {
                // What each end makes once is made by the first; the client is the same one, and so gets back what it gives up.
                long free = Heap.Free();
                sampler.Least = long.MaxValue;
                client.Reset();
                client.Connect(1000 * (i + 1));
                byte[] address = { 192, 0, 2, 7, 0xC0, (byte)(i + 1) };
                Wire.Pump(client, server, address, 1000 * (i + 1));
                Assert.AreEqual((int)AssociationState.Connected, (int)client.Association.State, "client");
                Assert.AreEqual((int)AssociationState.Connected, (int)server.Find(address, address.Length).State, "server");
                connection = (int)(free - Heap.Free());
                peak = (int)(free - sampler.Least);
            }

            Heap.Say("a session with " + what + ": before " + before.ToString() + ", now " + (construction + connection).ToString()
                + " (" + construction.ToString() + " made with the server, " + connection.ToString() + " at connection); most " + most.ToString());
            Heap.Say("a handshake of both ends with " + what + " at its peak: " + peak.ToString());
            Assert.IsTrue(construction + connection <= most, "a session with " + what);
            Assert.IsTrue(peak <= mostAtPeak, "a handshake's peak with " + what);
        }

        /// <summary>The suites, and what goes with them.</summary>
        protected virtual void Choose(DtlsOptions options, bool isServer)
        {
            options.Suites = PskSuites.Constrained();
        }

        private static int ServerOf(DtlsOptions options)
        {
            long free = Heap.Free();
            DtlsServerEngine server = new DtlsServerEngine(options);
            int taken = (int)(free - Heap.Free());
            server.Reset();
            return taken;
        }

        private DtlsOptions Options(CryptoProvider crypto, PacketPool pool, int sessions, TraceSink trace, bool isServer)
        {
            DtlsOptions options = new DtlsOptions();
            options.Crypto = crypto;
            options.Pool = pool;
            options.Trace = trace;
            Choose(options, isServer);
            options.Psk = new PskStore();
            options.Psk.Add(new byte[16], "device-000000001");
            options.Mtu = 320;
            options.MaxSessions = sessions;
            options.MaxHandshakes = 1;
            return options;
        }
    }
}
