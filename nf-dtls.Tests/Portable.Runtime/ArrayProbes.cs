using System;
using System.Collections;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>Arrays and ArrayList.</summary>
    [TestClass]
    public class ArrayProbes
    {
        [TestMethod]
        public void Copying_onto_itself_goes_right_in_both_directions()
        {
            byte[] forth = Check.Bytes(8);
            Array.Copy(forth, 0, forth, 2, 6);
            Check.Equal(Check.Hex("0001000102030405"), forth, "to the right");
            byte[] back = Check.Bytes(8);
            Array.Copy(back, 2, back, 0, 6);
            Check.Equal(Check.Hex("0203040506070607"), back, "to the left");
            int[] words = { 1, 2, 3, 4 };
            Array.Copy(words, 0, words, 1, 3);
            Assert.AreEqual(1, words[1], "words");
            Assert.AreEqual(3, words[3], "words");
        }

        [TestMethod]
        public void Copying_nothing_is_no_error_even_at_the_end()
        {
            byte[] bytes = Check.Bytes(4);
            Array.Copy(bytes, 4, bytes, 4, 0);
            Array.Copy(new byte[0], new byte[0], 0);
            Array.Clear(bytes, 4, 0);
            Check.Equal(Check.Bytes(4), bytes, "unchanged");
        }

        [TestMethod]
        public void A_range_that_is_not_there_is_an_exception_and_changes_nothing()
        {
            byte[] bytes = Check.Bytes(4);
            Difference.Expect("Array.Copy beyond the source's end throws", "ArgumentException", "ArgumentOutOfRangeException", ExceptionProbes.NameOf(() => Array.Copy(bytes, 2, new byte[8], 0, 3)));
            Difference.Expect("Array.Copy beyond the destination's end throws", "ArgumentException", "ArgumentOutOfRangeException", ExceptionProbes.NameOf(() => Array.Copy(new byte[8], 0, bytes, 2, 3)));
            Assert.AreEqual("ArgumentOutOfRangeException", ExceptionProbes.NameOf(() => Array.Copy(bytes, 0, new byte[8], 0, -1)), "a negative length");
            Difference.Expect("Array.Clear beyond the end throws", "IndexOutOfRangeException", "ArgumentOutOfRangeException", ExceptionProbes.NameOf(() => Array.Clear(bytes, 2, 3)));
            Difference.Expect("Array.Copy from null throws", "ArgumentNullException", "NullReferenceException", ExceptionProbes.NameOf(() => Array.Copy(null, 0, bytes, 0, 1)));
            Check.Equal(Check.Bytes(4), bytes, "unchanged");
        }

        [TestMethod]
        public void New_arrays_are_zero_and_clearing_makes_them_so()
        {
            Assert.IsTrue(Check.IsZero(new byte[100]), "new");
            byte[] bytes = Check.Bytes(10, 1);
            Array.Clear(bytes, 2, 7);
            Check.Equal(Check.Hex("0102000000000000000a"), bytes, "cleared");
            ulong[] words = { 1, 2, 3 };
            Array.Clear(words, 0, 2);
            Assert.IsTrue(words[0] == 0 && words[1] == 0 && words[2] == 3, "words");
            object[] objects = { "a", "b" };
            Array.Clear(objects, 0, 1);
            Assert.IsTrue(objects[0] == null && objects[1] != null, "objects");
        }

        [TestMethod]
        public void A_clone_is_another_array_of_the_same_content()
        {
            byte[] bytes = Check.Bytes(5);
            byte[] clone = (byte[])bytes.Clone();
            Check.Equal(bytes, clone, "clone");
            clone[0] = 9;
            Assert.AreEqual(0, bytes[0], "the original");
            Array asArray = bytes;
            Assert.AreEqual(5, asArray.Length, "length");
        }

        [TestMethod]
        public void An_initialiser_gives_a_fresh_array_each_time()
        {
            byte[] one = Table();
            one[0] = 0;
            Assert.AreEqual(17, Table()[0], "the next one");
        }

        [TestMethod]
        public void A_list_finds_removes_and_moves_up()
        {
            object first = new object();
            object second = new object();
            ArrayList list = new ArrayList();
            Assert.AreEqual(0, list.Add(first), "the place of the first");
            Assert.AreEqual(1, list.Add(second), "the place of the second");
            list.Remove(new object());
            Assert.AreEqual(2, list.Count, "what is not in it cannot be removed");
            list.Remove(first);
            Assert.AreEqual(1, list.Count, "removed");
            Assert.AreSame(second, list[0], "moved up");
            Assert.AreEqual("ArgumentOutOfRangeException", ExceptionProbes.NameOf(() => list[1].ToString()), "an index outside it");
        }

        private static byte[] Table()
        {
            return new byte[] { 17, 34, 51, 68, 85, 102, 119, 136, 153, 170 };
        }
    }
}
