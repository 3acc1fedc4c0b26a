// What a test uses of MSTest, for nanoFramework: its own attributes under MSTest's names, and the assertions.
global using TestClass = nanoFramework.TestFramework.TestClassAttribute;
global using TestMethod = nanoFramework.TestFramework.TestMethodAttribute;

using System;

namespace Microsoft.VisualStudio.TestTools.UnitTesting
{
    /// <summary>Where a test fails, an exception ends it. Its text has no comma: nanoFramework's test adapter splits at it.</summary>
    internal static class Assert
    {
        internal static void AreEqual(long expected, long actual, string message = "")
        {
            if (expected != actual)
            {
                Fail(message + ": " + actual.ToString() + " and not " + expected.ToString());
            }
        }

        internal static void AreEqual(bool expected, bool actual, string message = "")
        {
            IsTrue(expected == actual, message);
        }

        internal static void AreEqual(string expected, string actual, string message = "")
        {
            if (expected != actual)
            {
                Fail(message + ": '" + actual + "' and not '" + expected + "'");
            }
        }

        internal static void AreEqual(object expected, object actual, string message = "")
        {
            if (!object.Equals(expected, actual))
            {
                Fail(message + ": " + Text(actual) + " and not " + Text(expected));
            }
        }

        internal static void AreNotEqual(long expected, long actual, string message = "")
        {
            IsTrue(expected != actual, message);
        }

        internal static void AreSame(object expected, object actual, string message = "")
        {
            IsTrue(object.ReferenceEquals(expected, actual), message);
        }

        internal static void AreNotSame(object expected, object actual, string message = "")
        {
            IsFalse(object.ReferenceEquals(expected, actual), message);
        }

        internal static void IsNull(object value, string message = "")
        {
            IsTrue(value == null, message);
        }

        internal static void IsNotNull(object value, string message = "")
        {
            IsTrue(value != null, message);
        }

        internal static void IsLessThan(long bound, long value, string message = "")
        {
            IsTrue(value < bound, message + ": " + value.ToString() + " is not less than " + bound.ToString());
        }

        internal static void IsGreaterThan(long bound, long value, string message = "")
        {
            IsTrue(value > bound, message + ": " + value.ToString() + " is not greater than " + bound.ToString());
        }

        internal static void IsLessThanOrEqualTo(long bound, long value, string message = "")
        {
            IsTrue(value <= bound, message + ": " + value.ToString() + " is greater than " + bound.ToString());
        }

        internal static void IsGreaterThanOrEqualTo(long bound, long value, string message = "")
        {
            IsTrue(value >= bound, message + ": " + value.ToString() + " is less than " + bound.ToString());
        }

        internal static void IsTrue(bool condition, string message = "")
        {
            if (!condition)
            {
                Fail(message);
            }
        }

        internal static void IsFalse(bool condition, string message = "")
        {
            IsTrue(!condition, message);
        }

        internal static void Fail(string message)
        {
            char[] text = message.ToCharArray();
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == ',')
                {
                    text[i] = ';';
                }
            }

            throw new Exception(new string(text));
        }

        private static string Text(object value)
        {
            return value == null ? "null" : value.ToString();
        }
    }
}
