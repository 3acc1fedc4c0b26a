using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;

namespace NfDtls.Tests.Host;

/// <summary>
/// A test that makes an error or a notification happen says so by a property, "Error" or "Event": so none goes without.
/// </summary>
[TestClass]
public class ClaimTests
{
    // What takes an authenticator, and so another project's tests.
    private static readonly DtlsError[] _ofCertificates =
    [
        DtlsError.CertificateChainTooLarge, DtlsError.BadCertificate, DtlsError.UnsupportedCertificate, DtlsError.CertificateTooWeak,
        DtlsError.CertificatePurpose, DtlsError.CertificateNotAuthority, DtlsError.CertificateNameConstraint, DtlsError.CertificateNameMismatch,
        DtlsError.CertificateExpired, DtlsError.CertificateNotYetValid, DtlsError.CertificateRevoked, DtlsError.CertificateTimeUnknown,
        DtlsError.UnknownCa, DtlsError.CertificateRefused, DtlsError.CertificateMissing,
    ];

    // What DTLS 1.3 alone has: its tests, too, are another project's.
    private static readonly DtlsError[] _ofDtls13 = [DtlsError.TooManyConnectionIds, DtlsError.MissingExtension];

    [TestMethod]
    public void Every_error_has_a_test_that_makes_it_happen()
    {
        IEnumerable<string> errors = Enum.GetValues<DtlsError>().Except(_ofCertificates).Except(_ofDtls13).Where(error => error != DtlsError.None).Select(error => error.ToString());
        AreClaimed("Error", errors);
    }

    [TestMethod]
    public void Every_notification_has_a_test_that_makes_it_happen()
    {
        Type[] types = [typeof(DtlsClient), typeof(DtlsServer)];
        AreClaimed("Event", types.SelectMany(type => type.GetEvents().Select(e => type.Name + "." + e.Name)));
    }

    private static void AreClaimed(string property, IEnumerable<string> expected)
    {
        string[] claimed = typeof(ClaimTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(TestMethodAttribute)))
            .SelectMany(method => method.GetCustomAttributes<TestPropertyAttribute>())
            .Where(claim => claim.Name == property)
            .Select(claim => claim.Value)
            .ToArray();
        string[] missing = expected.Except(claimed).ToArray();
        Assert.AreEqual(0, missing.Length, "No test makes these happen: " + string.Join(", ", missing));
        Assert.IsTrue(claimed.Length > 0);
    }
}
