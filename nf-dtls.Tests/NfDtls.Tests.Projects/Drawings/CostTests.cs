using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Dtls13;

namespace NfDtls.Tests.Projects.Drawings;

/// <summary>What docs/credentials.md says that handshakes and records cost, of two engines.</summary>
[TestClass]
public sealed class CostTests
{
    private const string Page = "docs/credentials.md";

    public static IEnumerable<object[]> Handshakes =>
    [
        ["PSK_AES_128_CCM_8, DTLS 1.2", PskSuites.Aes128Ccm8(), System.Array.Empty<int>()],
        ["PSK with X25519, CCM_8, DTLS 1.3", Suites13.Aes128Ccm8Sha256(), new[] { NamedGroup.X25519 }],
        ["PSK alone (psk_ke), CCM_8, DTLS 1.3", Suites13.Aes128Ccm8Sha256(), System.Array.Empty<int>()],
        ["PSK with X25519MLKEM768, CCM_8, DTLS 1.3", Suites13.Aes128Ccm8Sha256(), new[] { NamedGroup.X25519MlKem768 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Handshakes))]
    public void A_handshake_takes_the_datagrams_and_bytes_that_the_page_says(string name, CipherSuite suite, int[] groups)
    {
        string[] row = Pages.Table(Page, "| Handshake | Datagrams | Bytes |").Single(cells => cells[0] == name);
        (DtlsOptions client, DtlsOptions server) = Ends.Small(suite, groups);
        List<int> sizes = PlayedHandshake.Of(client, server).Sizes;
        Assert.AreEqual(row[1], sizes.Count.ToString(CultureInfo.InvariantCulture), string.Join(' ', sizes));
        Assert.AreEqual(row[2], sizes.Sum().ToString("N0", CultureInfo.InvariantCulture), string.Join(' ', sizes));
    }

    [TestMethod]
    public void The_page_has_no_other_handshakes()
    {
        CollectionAssert.AreEqual(Handshakes.Select(row => (string)row[0]).ToArray(), Pages.Table(Page, "| Handshake | Datagrams | Bytes |").Select(row => row[0]).ToArray());
    }

    [TestMethod]
    public void A_record_is_as_much_longer_than_its_content_as_the_page_says()
    {
        CipherSuite[] suites = [PskSuites.Aes128Ccm8(), PskSuites.Aes128Ccm(), Suites13.Aes128Ccm8Sha256(), Suites13.Aes128CcmSha256()];
        int[] overheads = suites.Select(suite => Ends.Small(suite)).Select(ends => PlayedHandshake.Of(ends.Client, ends.Server).RecordOverhead).ToArray();
        Assert.Contains($"has {overheads[0]} bytes more than its content with CCM_8 in DTLS 1.2, {overheads[1]} with a tag of 16, and {overheads[2]} and {overheads[3]} in DTLS 1.3", Pages.Read(Page));
    }
}
