using System;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>A program that a test runs ends, or is ended.</summary>
[TestClass]
public sealed class CommandTests
{
    [TestMethod]
    public void A_program_that_hangs_is_ended_and_told_with_its_name()
    {
        AssertFailedException e = Assert.ThrowsExactly<AssertFailedException>(() => Command.Run(Shell("sleep 100000"), TimeSpan.FromMilliseconds(1)));
        Assert.Contains("does not end", e.Message);
        Assert.Contains("sleep 100000", e.Message);
    }

    [TestMethod]
    public void A_program_that_fails_is_told_with_all_that_it_wrote()
    {
        AssertFailedException e = Assert.ThrowsExactly<AssertFailedException>(() => Command.Run(Shell("echo one; echo two >&2; exit 3")));
        Assert.Contains("one", e.Message);
        Assert.Contains("two\n", e.Message);
    }

    [TestMethod]
    public void A_program_that_writes_much_to_both_ends_well()
    {
        Assert.AreEqual(1_000_000, Command.Run(Shell("head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero")).Length);
    }

    private static ProcessStartInfo Shell(string command)
    {
        return new("bash") { ArgumentList = { "-c", command } };
    }
}
