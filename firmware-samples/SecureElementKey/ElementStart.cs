using System;
using NfDtls.Samples.CertificateClient;

namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>Gets the key when a board starts. A chip that does not answer then may do so later, and a device that gave up would need somebody to come by.</summary>
    internal static class ElementStart
    {
        internal const int FirstPause = 5000;
        internal const int LongestPause = 640000;

        /// <summary>Returns once the chip tells its public key; asks ever more seldom, every eleven minutes at last.</summary>
        internal static ElementKey WaitForKey(SecureElement element, int slot, Pace pace)
        {
            for (int pause = FirstPause; true; pause = pause < LongestPause ? pause * 2 : pause)
            {
                try
                {
                    return new ElementKey(element, slot);
                }
                catch (ElementException exception)
                {
                    Console.WriteLine(exception.Message + " Asked again in " + pause.ToString() + " ms.");
                }

                pace.Wait(pause);
            }
        }
    }
}
