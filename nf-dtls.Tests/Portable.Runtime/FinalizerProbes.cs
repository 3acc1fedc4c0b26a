using System;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>Finalizers, by which a forgotten native context is given back.</summary>
    [TestClass]
    public class FinalizerProbes
    {
        private static int _finalized;

        [TestMethod]
        public void What_is_forgotten_is_finalized_once_and_what_was_suppressed_is_not()
        {
            _finalized = 0;
            Forget(8);
            for (int i = 0; i < 200 && _finalized < 4; i++)
            {
                Runtime.Collect();
                Thread.Sleep(1);
            }

            Runtime.Collect();
            Thread.Sleep(1);
            Assert.IsTrue(_finalized > 0 && _finalized <= 4, "finalized: " + _finalized.ToString());
        }

        // In a method of its own, so that no variable keeps the last.
        private static void Forget(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Forgotten one = new Forgotten();
                if ((i & 1) == 0)
                {
                    one.Suppress();
                }
            }
        }

        private sealed class Forgotten
        {
            ~Forgotten()
            {
                _finalized++;
            }

            internal void Suppress()
            {
                GC.SuppressFinalize(this);
            }
        }
    }
}
