using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>Delegates and events, by which applications are told.</summary>
    [TestClass]
    public class DelegateProbes
    {
        private static int _order;

        private delegate void Handler(int value);

        private static event Handler Happened;

        [TestMethod]
        public void Handlers_are_called_in_the_order_they_were_added_until_removed()
        {
            Happened = null;
            _order = 0;
            Happened += One;
            Happened += Two;
            Happened(1);
            Assert.AreEqual(12, _order, "both");
            Happened -= One;
            _order = 0;
            Happened(1);
            Assert.AreEqual(2, _order, "the one that is left");
            Happened -= One;
            Happened -= Two;
            Assert.IsTrue(Happened == null, "none is null");
        }

        [TestMethod]
        public void One_that_throws_keeps_the_later_ones_from_being_called()
        {
            Happened = null;
            _order = 0;
            Happened += One;
            Happened += Throw;
            Happened += Two;
            Assert.AreEqual("InvalidOperationException", ExceptionProbes.NameOf(() => Happened(1)), "what comes out");
            Assert.AreEqual(1, _order, "called");
            Happened = null;
        }

        [TestMethod]
        public void A_handler_may_remove_itself_while_it_is_called()
        {
            Happened = null;
            _order = 0;
            Happened += Once;
            Happened += Two;
            Happened(1);
            Happened(1);
            Assert.AreEqual(322, _order, "the calls");
            Happened = null;
        }

        [TestMethod]
        public void A_closure_keeps_the_variable_and_not_its_value()
        {
            int value = 1;
            Check.Act act = () => value += 10;
            value = 5;
            act();
            Assert.AreEqual(15, value);
        }

        [TestMethod]
        public void A_method_of_an_object_goes_with_the_object()
        {
            Counter one = new Counter();
            Counter other = new Counter();
            Happened = null;
            Happened += one.Add;
            Happened += other.Add;
            Happened += one.Add;
            Happened(3);
            Assert.AreEqual(6, one.Sum, "twice");
            Assert.AreEqual(3, other.Sum, "once");
            Happened -= one.Add;
            Happened(1);
            Assert.AreEqual(7, one.Sum, "one of the two was removed");
            Happened = null;
        }

        private static void One(int value)
        {
            _order = (_order * 10) + 1;
        }

        private static void Two(int value)
        {
            _order = (_order * 10) + 2;
        }

        private static void Throw(int value)
        {
            throw new InvalidOperationException("a handler's");
        }

        private static void Once(int value)
        {
            _order = (_order * 10) + 3;
            Happened -= Once;
        }

        private sealed class Counter
        {
            internal int Sum;

            internal void Add(int value)
            {
                Sum += value;
            }
        }
    }
}
