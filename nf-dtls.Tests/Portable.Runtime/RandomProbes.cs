using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>System.Random, which StockEntropy reads on the boards whose firmware has a hardware generator behind it.</summary>
    [TestClass]
    public class RandomProbes
    {
        [TestMethod]
        public void Every_byte_of_every_length_is_written()
        {
            Random random = new Random();
            for (int length = 1; length <= 33; length++)
            {
                // A place that keeps its value in 12 fillings was not written: the chance that it was is 1 in 2^96.
                byte[] first = new byte[length];
                bool[] changed = new bool[length];
                random.NextBytes(first);
                for (int round = 0; round < 12; round++)
                {
                    byte[] next = new byte[length];
                    random.NextBytes(next);
                    for (int i = 0; i < length; i++)
                    {
                        changed[i] |= next[i] != first[i];
                    }
                }

                for (int i = 0; i < length; i++)
                {
                    Assert.IsTrue(changed[i], "byte " + i.ToString() + " of " + length.ToString());
                }
            }
        }

        [TestMethod]
        public void Two_made_at_the_same_moment_differ()
        {
            byte[] one = new byte[16];
            byte[] other = new byte[16];
            new Random().NextBytes(one);
            new Random().NextBytes(other);
            int same = 0;
            for (int i = 0; i < one.Length; i++)
            {
                same += one[i] == other[i] ? 1 : 0;
            }

            Assert.IsLessThan(16, same, "equal bytes");
        }

        [TestMethod]
        public void No_bytes_are_no_error_and_none_to_write_to_is_one()
        {
            new Random().NextBytes(new byte[0]);
            Difference.Expect("Random.NextBytes(null) throws", "ArgumentNullException", "NullReferenceException", ExceptionProbes.NameOf(() => new Random().NextBytes(null)));
        }
    }
}
