using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Net;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Cluster;

/// <summary>A device with another stack: OpenSSL's s_client, which has no connection IDs and comes back by its ticket.</summary>
internal sealed class OpenSslDevice(int number, IPEndPoint server, string folder)
{
    private const int Again = 2000;

    private readonly string _session = Path.Combine(folder, "session-" + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Connects, is answered, and leaves with its session.</summary>
    /// <param name="isResumed">Whether it goes on with the session of the visit before: then the server must, too.</param>
    internal void Visit(bool isResumed)
    {
        string text = "openssl " + number.ToString(CultureInfo.InvariantCulture) + " is here";
        string[] arguments =
        [
            "s_client", "-dtls1_2", "-connect", server.ToString(), "-psk", Convert.ToHexString(Ends.Key), "-psk_identity", Ends.Identity,
            "-cipher", "PSK:@SECLEVEL=0", "-no_ign_eof", "-timeout", isResumed ? "-sess_in" : "-sess_out", _session,
        ];
        using PeerProgram peer = PeerProgram.Start(false, "openssl", arguments);
        peer.WaitForOutput(", TLSv1.2");
        Assert.Contains((isResumed ? "Reused" : "New") + ", TLSv1.2", peer.Output);
        Say(peer, text);
        peer.Write("Q\n");
        peer.WaitForExit();
    }

    // s_client says nothing twice by itself, and a datagram may be lost.
    private static void Say(PeerProgram peer, string text)
    {
        Stopwatch clock = Stopwatch.StartNew();
        for (long next = 0; !peer.Output.Contains(text, StringComparison.Ordinal); Thread.Sleep(5))
        {
            Assert.IsFalse(peer.HasExited || Patience.IsOver(clock), "It is not heard. " + peer.Output);
            if (clock.ElapsedMilliseconds >= next)
            {
                peer.Write(text + "\n");
                next = clock.ElapsedMilliseconds + Again;
            }
        }
    }
}
