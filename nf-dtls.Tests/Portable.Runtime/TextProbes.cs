using System;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>Strings, numbers as text, UTF-8.</summary>
    [TestClass]
    public class TextProbes
    {
        private const string Umlaut = "Gr\u00FC\u00DFe";
        private const string Euro = "5 \u20AC";
        private const string Smile = "a\uD83D\uDE00b";

        [TestMethod]
        public void A_string_has_the_characters_and_the_length_that_it_was_made_of()
        {
            Assert.AreEqual(5, Umlaut.Length, "two bytes each in UTF-8");
            Assert.AreEqual(0xFC, Umlaut[2], "its third character");
            Assert.AreEqual(3, Euro.Length, "three bytes in UTF-8");
            Assert.AreEqual(0x20AC, Euro[2], "its last character");
            string made = new string(new char[] { 'G', 'r', '\u00FC', '\u00DF', 'e' });
            Assert.AreEqual(Umlaut, made, "made of characters");
            Assert.AreEqual("r\u00FC", new string(new char[] { 'G', 'r', '\u00FC', '\u00DF', 'e' }, 1, 2), "made of a part");
            Assert.AreEqual("", new string(new char[0]), "made of none");
        }

        [TestMethod]
        public void A_pair_of_surrogates_is_two_characters()
        {
            Assert.AreEqual(4, Smile.Length, "length");
            Assert.AreEqual(0xD83D, Smile[1], "the high one");
            Difference.Expect("the second half of a pair of surrogates by its index", 0xDE00, 0xD83D, Smile[2]);
            Assert.AreEqual('b', Smile[3], "the character behind them");
        }

        [TestMethod]
        public void UTF8_is_what_the_standard_says()
        {
            Check.Equal(Check.Hex("4772c3bcc39f65"), Encoding.UTF8.GetBytes(Umlaut), "two bytes");
            Check.Equal(Check.Hex("3520e282ac"), Encoding.UTF8.GetBytes(Euro), "three bytes");
            Check.Equal(Check.Hex("61f09f988062"), Encoding.UTF8.GetBytes(Smile), "four bytes");
            Assert.AreEqual(0, Encoding.UTF8.GetBytes("").Length, "nothing");
            Difference.Expect("UTF8.GetBytes(null) throws", "ArgumentNullException", "NullReferenceException", ExceptionProbes.NameOf(() => Encoding.UTF8.GetBytes((string)null)));
        }

        [TestMethod]
        public void What_becomes_of_a_surrogate_alone()
        {
            string alone = new string(new char[] { 'a', '\uD83D', 'b' });
            Assert.AreEqual(3, alone.Length, "its characters");
            byte[] bytes = Encoding.UTF8.GetBytes(alone);
            Assert.AreEqual(5, bytes.Length, "one character of three bytes");
            Assert.AreEqual(0xEF, bytes[1], "the replacement character's first byte");
        }

        [TestMethod]
        public void What_becomes_of_a_zero_in_a_string()
        {
            string zero = new string(new char[] { 'a', '\0', 'b' });
            Difference.Expect("a string's length with a zero as its second character", 3, 1, zero.Length);
        }

        [TestMethod]
        public void Numbers_as_text()
        {
            Assert.AreEqual("0", 0.ToString());
            Assert.AreEqual("-1", (-1).ToString());
            Assert.AreEqual("2147483647", int.MaxValue.ToString());
            Assert.AreEqual("-2147483648", int.MinValue.ToString());
            Assert.AreEqual("9223372036854775807", long.MaxValue.ToString());
            Assert.AreEqual("-9223372036854775808", long.MinValue.ToString());
            Assert.AreEqual("4294967295", uint.MaxValue.ToString());
            Assert.AreEqual("0000ABCD", 0xABCDU.ToString("X8"));
            Assert.AreEqual("FFFFFFFF", uint.MaxValue.ToString("X8"));
            Assert.AreEqual("x", 'x'.ToString());
            Assert.AreEqual("255", ((byte)255).ToString());
        }

        [TestMethod]
        public void Enums_as_text()
        {
            Difference.Expect("an enum's ToString", "Closing", "3", AssociationState.Closing.ToString());
        }

        [TestMethod]
        public void Joining_and_comparing()
        {
            string nothing = null;
            Assert.AreEqual("ab", "a" + nothing + "b", "null joins as nothing");
            Assert.AreEqual("1,2,3,4,5,6", "1" + "," + Text(2) + "," + Text(3) + "," + Text(4) + "," + Text(5) + "," + Text(6), "many");
            Assert.IsTrue("ab" == "a" + Text("b"), "equal characters");
            Assert.IsFalse("ab" == "aB", "case counts");
            Assert.IsTrue(nothing == null, "null is null");
            Assert.IsFalse("" == nothing, "and not empty");
            Assert.IsTrue("" == string.Empty, "empty is empty");
            Assert.IsTrue(Umlaut != "Gru\u00DFe", "an accent counts");
        }

        [TestMethod]
        public void Strings_that_nobody_set()
        {
            string[] names = new string[2];
            string other = Text("ab");
            Difference.Expect("what nobody set in an array of strings equals null", true, false, names[0] == null);
            names[0] = null;
            Assert.IsTrue(names[0] == null, "null that was set");
            Assert.IsFalse(names[0] == other, "and compared");
            names[1] = "ab";
            Assert.IsTrue(names[1] == other, "a text");
            object[] objects = new object[1];
            Assert.IsTrue(objects[0] == null, "an object that nobody set");
        }

        [TestMethod]
        public void Parts_and_places()
        {
            Assert.AreEqual("bc", Text("abcd").Substring(1, 2), "a part");
            Assert.AreEqual("cd", Text("abcd").Substring(2), "the rest");
            Assert.AreEqual("", Text("abcd").Substring(4), "nothing is left");
            Assert.AreEqual("\u00DFe", Umlaut.Substring(3), "behind characters of two bytes");
            Assert.AreEqual(2, Text("abcd").IndexOf('c'), "a place");
            Assert.AreEqual(-1, Text("abcd").IndexOf('x'), "no place");
            Assert.AreEqual(3, Umlaut.IndexOf('\u00DF'), "counted in characters");
        }

        [TestMethod]
        public void An_index_outside_a_string_is_an_exception()
        {
            string text = Text("abc");
            string thrown = "nothing";
            try
            {
                thrown = text[3].ToString();
            }
            catch (Exception exception)
            {
                thrown = exception.GetType().Name;
            }

            Difference.Expect("the exception for an index outside a string", "IndexOutOfRangeException", "ArgumentOutOfRangeException", thrown);
        }

        private static string Text(object value)
        {
            return value.ToString();
        }
    }
}
