using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>Exceptions: their texts, and which one comes for what.</summary>
    [TestClass]
    public class ExceptionProbes
    {
        private static int _order;

        [TestMethod]
        public void A_text_and_an_inner_exception_are_kept()
        {
            Exception inner = new Exception("inner");
            Assert.AreEqual("outer", new InvalidOperationException("outer", inner).Message, "text");
            Assert.AreSame(inner, new InvalidOperationException("outer", inner).InnerException, "inner");
            Assert.AreSame(inner, new NotSupportedException("outer", inner).InnerException, "inner of another");
            Assert.AreEqual("outer", new NotSupportedException("outer").Message, "text of another");
        }

        [TestMethod]
        public void The_name_of_an_argument_beside_a_text()
        {
            Assert.AreEqual("It is wrong. (Parameter 'size')", new ArgumentException("It is wrong.", "size").Message, "ArgumentException");
            Assert.AreEqual("It is wrong. (Parameter 'size')", new ArgumentOutOfRangeException("size", "It is wrong.").Message, "ArgumentOutOfRangeException");
            Assert.AreEqual("size", new ArgumentException("It is wrong.", "size").ParamName, "the name");
            Assert.AreEqual("It is wrong.", new ArgumentException("It is wrong.").Message, "a text alone");
        }

        [TestMethod]
        public void The_name_of_an_argument_alone()
        {
            Assert.AreEqual("Value cannot be null. (Parameter 'size')", new ArgumentNullException("size").Message, "ArgumentNullException");
            Difference.Expect(
                "the text of ArgumentOutOfRangeException with a name alone",
                "Specified argument was out of the range of valid values. (Parameter 'size')",
                "Value does not fall within the expected range. (Parameter 'size')",
                new ArgumentOutOfRangeException("size").Message);
            Difference.Expect(
                "the text of ObjectDisposedException with a name",
                "Cannot access a disposed object.\nObject name: 'Client'.",
                "Client",
                new ObjectDisposedException("Client").Message.Trim());
        }

        [TestMethod]
        public void The_text_of_an_exception_without_one()
        {
            Difference.Expect(
                "the text of an exception without one",
                "Operation is not valid due to the current state of the object.",
                "Exception was thrown: System.InvalidOperationException",
                new InvalidOperationException().Message);
        }

        [TestMethod]
        public void What_the_runtime_throws()
        {
            byte[] bytes = Check.Bytes(4);
            object text = Same("text");
            Assert.AreEqual("NullReferenceException", NameOf(() => Same(null).ToString()), "a call on null");
            Assert.AreEqual("IndexOutOfRangeException", NameOf(() => bytes[Four()] = 1), "an index past the end");
            Assert.AreEqual("IndexOutOfRangeException", NameOf(() => bytes[-Four()] = 1), "a negative index");
            Assert.AreEqual("InvalidCastException", NameOf(() => ((byte[])text)[0] = 1), "a cast");
            Difference.Expect("an integer divided by zero throws", "DivideByZeroException", "Exception", NameOf(() => bytes[0] = (byte)(1 / (Four() - 4))));
            Difference.Expect("a negative array length throws", "OverflowException", "ArgumentOutOfRangeException", NameOf(() => bytes = new byte[-Four()]));
        }

        [TestMethod]
        public void A_handler_is_found_by_type_and_filter_and_finally_runs_in_order()
        {
            _order = 0;
            string caught = "none";
            try
            {
                try
                {
                    Step(1);
                    throw new ArgumentOutOfRangeException("x");
                }
                catch (InvalidOperationException)
                {
                    caught = "wrong";
                }
                finally
                {
                    Step(2);
                }
            }
            catch (ArgumentException exception) when (exception.ParamName == "y")
            {
                caught = "wrong filter";
            }
            catch (ArgumentException)
            {
                caught = "right";
            }
            finally
            {
                Step(3);
            }

            Assert.AreEqual("right", caught);
            Assert.AreEqual(123, _order, "the order");
        }

        [TestMethod]
        public void A_handler_may_throw_again_and_finally_still_runs()
        {
            _order = 0;
            Exception first = new Exception("first");
            Exception caught = null;
            try
            {
                try
                {
                    throw first;
                }
                catch (Exception)
                {
                    Step(1);
                    throw;
                }
                finally
                {
                    Step(2);
                }
            }
            catch (Exception exception)
            {
                caught = exception;
            }

            Assert.AreSame(first, caught, "the same exception");
            Assert.AreEqual(12, _order, "the order");
            try
            {
                try
                {
                    throw first;
                }
                finally
                {
                    Step(3);
                    ThrowSecond();
                }
            }
            catch (Exception exception)
            {
                caught = exception;
            }

            Assert.AreEqual("second", caught.Message, "the later one");
        }

        [TestMethod]
        public void The_name_of_a_type()
        {
            Assert.AreEqual("InvalidOperationException", new InvalidOperationException("x").GetType().Name);
            Assert.AreEqual("System.InvalidOperationException", new InvalidOperationException("x").GetType().FullName);
        }

        internal static string NameOf(Check.Act act)
        {
            try
            {
                act();
            }
            catch (Exception exception)
            {
                return exception.GetType().Name;
            }

            return "nothing";
        }

        private static void Step(int number)
        {
            _order = (_order * 10) + number;
        }

        private static void ThrowSecond()
        {
            throw new Exception("second");
        }

        private static object Same(object value)
        {
            return value;
        }

        private static int Four()
        {
            return 4;
        }
    }
}
