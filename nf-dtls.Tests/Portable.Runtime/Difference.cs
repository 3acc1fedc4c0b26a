using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>
    /// What .NET and nanoCLR do differently. The text says what differs; docs/nano.md lists each, word for word. All else in these
    /// probes is the same on both.
    /// </summary>
    internal static class Difference
    {
        internal static void Expect(string what, long onDotNet, long onNano, long actual)
        {
            Assert.AreEqual(Runtime.IsNano ? onNano : onDotNet, actual, what);
        }

        internal static void Expect(string what, bool onDotNet, bool onNano, bool actual)
        {
            Assert.IsTrue((Runtime.IsNano ? onNano : onDotNet) == actual, what + ": " + (actual ? "true" : "false"));
        }

        internal static void Expect(string what, string onDotNet, string onNano, string actual)
        {
            Assert.AreEqual(Runtime.IsNano ? onNano : onDotNet, actual, what);
        }
    }
}
