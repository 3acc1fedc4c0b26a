using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.X509;

namespace NfDtls.Tests.X509
{
    [TestClass]
    public class DerReaderTests
    {
        [TestMethod]
        public void Lengths_are_the_shortest_and_inside_their_range()
        {
            Element("0400", 0, true);
            Element("047F", 127, true);
            Element("048180", 128, true);
            Element("04820100", 256, true);
            Element("04817F", 127, false);
            Element("0482007F", 127, false);
            Element("048200FF", 255, false);
            Element("0483000100", 256, false);
            Element("0480", 0, false);
            Element("048400000001", 1, false);
            Element("04FF", 0, false);
            Element("04", 0, false);
            Element("0481", 0, false);
            Element("0482FFFF", 0, false);
            Element("0483FFFFFF", 0, false);
            Element("048180", 127, false);
            Element("0401", 0, false);
            Element("", 0, false);
            Element("1F0100", 0, false);
        }

        [TestMethod]
        public void Nesting_ends_at_the_deepest_level()
        {
            byte[] deep = { 5, 0 };
            for (int i = 0; i < 40; i++)
            {
                deep = Check.Join(new byte[] { 0x30, (byte)deep.Length }, deep);
            }

            DerReader reader = new DerReader();
            reader.Reset(deep, 0, deep.Length);
            for (int i = 0; i < DerReader.MaxDepth; i++)
            {
                Assert.IsTrue(reader.Enter(DerTag.Sequence), "level " + i.ToString());
            }

            Assert.IsFalse(reader.Enter(DerTag.Sequence), "one level more");
            Assert.IsTrue(reader.Failed, "failed");
        }

        [TestMethod]
        public void Integers_are_as_short_as_they_can_be()
        {
            Number("02017F", 127);
            Number("020100", 0);
            Number("02020080", 128);
            Number("020200FF", 255);
            Number("02020001", -1);
            Number("0200", -1);
            Number("0201FF", -1);
            Number("030101", -1);
        }

        [TestMethod]
        public void Booleans_are_0_or_255()
        {
            DerReader reader = Over("0101FF");
            Assert.IsTrue(reader.ReadBoolean(), "255");
            Assert.IsFalse(reader.Failed, "255");
            reader = Over("010100");
            Assert.IsFalse(reader.ReadBoolean(), "0");
            Assert.IsFalse(reader.Failed, "0");
            reader = Over("010101");
            reader.ReadBoolean();
            Assert.IsTrue(reader.Failed, "1");
        }

        [TestMethod]
        public void Levels_are_left_at_their_end_alone()
        {
            DerReader reader = Over("3006020101020102");
            Assert.IsTrue(reader.Enter(DerTag.Sequence), "enter");
            Assert.AreEqual(1, reader.ReadSmall(), "first");
            Assert.AreEqual(2, reader.ReadSmall(), "second");
            Assert.IsTrue(reader.Leave(), "leave");
            Assert.IsTrue(reader.IsAtEnd, "end");
            reader = Over("3006020101020102");
            reader.Enter(DerTag.Sequence);
            reader.ReadSmall();
            Assert.IsFalse(reader.Leave(), "before the end");
            Assert.IsTrue(reader.Failed, "failed");
        }

        private static DerReader Over(string hex)
        {
            DerReader reader = new DerReader();
            byte[] bytes = Check.Hex(hex);
            reader.Reset(bytes, 0, bytes.Length);
            return reader;
        }

        private static void Element(string head, int content, bool isGood)
        {
            byte[] bytes = Check.Join(Check.Hex(head), new byte[content]);
            DerReader reader = new DerReader();
            reader.Reset(bytes, 0, bytes.Length);
            Assert.AreEqual(isGood, reader.ReadAny(), head);
            Assert.AreEqual(!isGood, reader.Failed, head);
            Assert.IsTrue(reader.IsAtEnd, head);
        }

        private static void Number(string hex, int expected)
        {
            DerReader reader = Over(hex);
            int number = reader.ReadSmall();
            Assert.AreEqual(expected < 0, reader.Failed, hex);
            if (expected >= 0)
            {
                Assert.AreEqual(expected, number, hex);
            }
        }
    }
}
