using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Projects.Drawings;

/// <summary>
/// The drawings of docs/drawings are what the rule tables tell, and a real handshake goes as they show. A drawing that is old is
/// written anew where NFDTLS_WRITE_DRAWINGS is set.
/// </summary>
[TestClass]
public sealed class DrawingTests
{
    private const string Folder = "docs/drawings";
    private const int Certificates = HandshakeFlags.ServerCertificate | HandshakeFlags.ServerKeyExchangeRequired | HandshakeFlags.ClientCertificateRequested | HandshakeFlags.ClientCertificateSent;

    private static readonly (int, string)[] Epochs12 = [(0, "in the clear"), (1, "protected")];
    private static readonly (int, string)[] Epochs13 = [(0, "in the clear"), (2, "handshake keys"), (3, "data keys")];

    /// <summary>Each drawing: its file, its title, its version, what is agreed on, and the turns that are lost, counted from 0.</summary>
    public static IEnumerable<object[]> Drawings =>
    [
        ["dtls12-psk", "DTLS 1.2 with a pre-shared key", false, 0, Array.Empty<int>()],
        ["dtls12-certificates", "DTLS 1.2 with certificates at both ends", false, Certificates, Array.Empty<int>()],
        ["dtls12-loss", "DTLS 1.2: the client's last flight is lost, then the server's", false, 0, new[] { 4, 6 }],
        ["dtls13-psk", "DTLS 1.3 with a pre-shared key", true, HandshakeFlags.HelloRetried, Array.Empty<int>()],
        ["dtls13-certificates", "DTLS 1.3 with certificates at both ends", true, HandshakeFlags.HelloRetried | Certificates, Array.Empty<int>()],
        ["dtls13-loss", "DTLS 1.3: the client's Finished is lost, then the acknowledgement", true, HandshakeFlags.HelloRetried, new[] { 4, 6 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Drawings))]
    public void A_drawing_is_what_the_rule_tables_tell(string name, string title, bool isNew, int flags, int[] lost)
    {
        string path = Place.In(Folder + "/" + name + ".svg");
        string picture = Picture.Of(title, isNew ? Epochs13 : Epochs12, WithLoss(Told(isNew, flags), lost));
        if (Environment.GetEnvironmentVariable("NFDTLS_WRITE_DRAWINGS") is { Length: > 0 })
        {
            Directory.CreateDirectory(Place.In(Folder));
            File.WriteAllText(path, picture);
        }

        Assert.AreEqual(picture, File.ReadAllText(path), name + " is old: run this test with NFDTLS_WRITE_DRAWINGS=1");
    }

    [TestMethod]
    [DynamicData(nameof(Drawings))]
    public void A_handshake_of_two_engines_goes_as_its_drawing_shows(string name, string title, bool isNew, int flags, int[] lost)
    {
        bool hasCertificates = (flags & HandshakeFlags.ServerCertificate) != 0;
        List<Turn> told = WithLoss(Told(isNew, flags), lost);
        List<Turn> played = PlayedHandshake.Of(Ends.Client(isNew, hasCertificates), Ends.Server(isNew, hasCertificates), lost.Contains).Turns;
        Assert.AreEqual(string.Join('\n', told), string.Join('\n', played), name + ": " + title);
    }

    [TestMethod]
    public void A_table_that_says_something_else_gives_another_drawing()
    {
        string psk = Picture.Of("x", Epochs12, Told(false, 0));
        Assert.AreNotEqual(psk, Picture.Of("x", Epochs12, Told(false, HandshakeFlags.TicketExpected)));
        Assert.AreNotEqual(psk, Picture.Of("x", Epochs12, Told(false, HandshakeFlags.Abbreviated)));
    }

    [TestMethod]
    public void Every_drawing_is_shown_by_a_page_and_none_is_left_over()
    {
        string[] files = Directory.EnumerateFiles(Place.In(Folder)).Select(path => Path.GetFileNameWithoutExtension(path)).ToArray();
        CollectionAssert.AreEquivalent(Drawings.Select(drawing => (string)drawing[0]).ToArray(), files);
        string page = Pages.Read("docs/concepts.md");
        foreach (string file in files)
        {
            Assert.Contains("](drawings/" + file + ".svg)", page);
        }
    }

    private static List<Turn> Told(bool isNew, int flags)
    {
        return ToldHandshake.Of(isNew ? new Version13([NamedGroup.Secp256r1], false) : new Dtls12(), flags);
    }

    /// <summary>
    /// The same with some turns lost: who said the lost one hears nothing, waits, each time twice as long, and says it again; a turn that
    /// answers is said again because what it answers comes again.
    /// </summary>
    private static List<Turn> WithLoss(List<Turn> turns, int[] lost)
    {
        List<Turn> all = [];
        int wait = new DtlsOptions().RetransmitTimeout;
        int next = 0;
        while (next < turns.Count)
        {
            bool isLost = lost.Contains(all.Count);
            all.Add(turns[next].Copy(0, isLost));
            if (!isLost)
            {
                next++;
                continue;
            }

            // The last turn of all has no timer: it is said again when the one before it is.
            if (next == turns.Count - 1)
            {
                next--;
            }

            all.Add(turns[next].Copy(wait, lost.Contains(all.Count)));
            wait *= 2;
            next++;
        }

        return all;
    }
}
