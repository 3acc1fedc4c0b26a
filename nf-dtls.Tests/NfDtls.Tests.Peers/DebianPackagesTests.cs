using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Strangers;

namespace NfDtls.Tests.Peers;

/// <summary>How the packages of newer suites come here.</summary>
[TestClass]
public sealed class DebianPackagesTests
{
    [TestMethod]
    public void A_test_is_inconclusive_with_a_reason_where_no_suite_can_be_had()
    {
        AssertInconclusiveException reason = Assert.ThrowsExactly<AssertInconclusiveException>(() => DebianPackages.Fetch("libmbedtls-dev", "nowhere", "neverland"));
        StringAssert.Contains(reason.Message, "The package libmbedtls-dev cannot be had: nothing was tested against it. Debian nowhere: apt-get failed: E: ");
        StringAssert.Contains(reason.Message, "Debian neverland: apt-get failed: E: ");
    }

    [TestMethod]
    public void The_next_suite_is_taken_where_one_cannot_be_had()
    {
        string found = DebianPackages.Fetch("libmbedtls-dev", "nowhere", "trixie").Found;
        StringAssert.StartsWith(found, "Debian trixie: ");
        StringAssert.Contains(found, "libmbedtls-dev 3.");
        StringAssert.Contains(found, "libc6 2.");
    }
}
