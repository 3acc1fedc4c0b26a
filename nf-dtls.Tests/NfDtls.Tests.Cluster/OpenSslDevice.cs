using System;
using System.Globalization;
using System.IO;
using System.Net;
using NfDtls.Tests.Net;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Cluster;

/// <summary>A device with another stack: OpenSSL's s_client, which has no connection IDs and comes back by its ticket.</summary>
internal sealed class OpenSslDevice(int number, IPEndPoint server, string folder)
{
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
        peer.WaitForOutput(isResumed ? "Reused, TLSv1.2" : "New, TLSv1.2");
        peer.Write(text + "\n");
        peer.WaitForOutput(text);
        peer.Write("Q\n");
        peer.WaitForExit();
    }
}
