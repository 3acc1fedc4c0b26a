using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>Whole numbers: overflow, shifts, signs, conversions.</summary>
    [TestClass]
    public class NumberProbes
    {
        [TestMethod]
        public void Sums_and_products_wrap()
        {
            int most = Same(int.MaxValue);
            Assert.AreEqual(int.MinValue, most + 1, "int");
            Assert.AreEqual(1, most * most, "product");
            long longest = Same(long.MaxValue);
            Assert.AreEqual(long.MinValue, longest + 1, "long");
            Assert.AreEqual(-2, longest * 2, "product of long");
            uint top = (uint)Same(-1);
            Assert.IsTrue(top + 1U == 0, "uint");
            ulong all = (ulong)Same(-1L);
            Assert.IsTrue(all == ulong.MaxValue, "ulong");
            Assert.IsTrue(all * all == 1, "product of ulong");
            Assert.IsTrue(all > (ulong)long.MaxValue, "ulong is not signed");
            Assert.AreEqual(int.MinValue, -Same(int.MinValue), "the negative of the least");
        }

        [TestMethod]
        public void Shifts_take_their_count_modulo_the_width_and_keep_the_sign()
        {
            Assert.AreEqual(2, Same(1) << Same(33), "int by 33");
            Assert.AreEqual(2, Same(1L) << Same(65), "long by 65");
            Assert.AreEqual(-1, Same(-2) >> 1, "a negative int");
            Assert.AreEqual(-1, Same(-2L) >> 63, "a negative long");
            Assert.IsTrue((uint)Same(-1) >> 1 == 0x7FFFFFFF, "uint");
            Assert.IsTrue((ulong)Same(-1L) >> 1 == (ulong)long.MaxValue, "ulong");
            Assert.AreEqual(1L << 40, Same(1L) << 40, "over 32 bits");
        }

        [TestMethod]
        public void Conversions_take_the_low_bits()
        {
            Assert.AreEqual(0x78, (byte)Same(0x12345678), "byte");
            Assert.AreEqual(0x5678, (ushort)Same(0x12345678), "ushort");
            Assert.AreEqual(-1, (sbyte)Same(0xFF), "sbyte");
            Assert.AreEqual(0x12345678, (int)Same(0x7F00000012345678), "int of long");
            Assert.AreEqual(-1, (long)Same(-1), "long of int keeps the sign");
            Assert.AreEqual(0xFFFFFFFFL, (long)(uint)Same(-1), "uint of int does not");
            byte small = 200;
            small += 100;
            Assert.AreEqual(44, small, "a byte that goes on");
        }

        [TestMethod]
        public void Numbers_are_read_of_bytes_wherever_they_begin()
        {
            // With the lowest byte first, as every runtime here does; where that mattered nobody asks so.
            byte[] bytes = Check.Hex("00f1f2f3f4f5f6f7f8");
            Assert.AreEqual(0x0B0C0D0E, -BitConverter.ToInt32(bytes, 1) - 1, "int");
            Assert.AreEqual(BitConverter.ToInt32(bytes, 5), (int)(BitConverter.ToInt64(bytes, 1) >> 32), "int at the end");
            Assert.AreEqual(0x0708090A0B0C0D0E, -BitConverter.ToInt64(bytes, 1) - 1, "long");
            Assert.AreEqual("ArgumentException", ExceptionProbes.NameOf(() => BitConverter.ToInt32(bytes, 6)), "int beyond the end");
            Assert.AreEqual("ArgumentException", ExceptionProbes.NameOf(() => BitConverter.ToInt64(bytes, 2)), "long beyond the end");
        }

        [TestMethod]
        public void Division_goes_towards_zero()
        {
            Assert.AreEqual(-3, Same(-7) / 2, "quotient");
            Assert.AreEqual(-1, Same(-7) % 2, "remainder");
            Assert.AreEqual(-3, Same(-7L) / 2, "quotient of long");
            Assert.IsTrue((uint)Same(-7) / 2 == 0x7FFFFFFC, "uint");
            Assert.IsTrue((ulong)Same(-7L) % 10 == 9, "ulong");
        }

        private static int Same(int value)
        {
            return value;
        }

        private static long Same(long value)
        {
            return value;
        }
    }
}
