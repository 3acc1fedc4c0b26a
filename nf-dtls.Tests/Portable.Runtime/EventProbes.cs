using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>ManualResetEvent: what a blocking call waits for.</summary>
    [TestClass]
    public class EventProbes
    {
        private const int Long = 60000;

        private static int _woken;
        private static ManualResetEvent _event;
        private static ManualResetEvent _all;

        [TestMethod]
        public void A_wait_of_0_tells_the_state_and_does_not_wait()
        {
            ManualResetEvent unset = new ManualResetEvent(false);
            ManualResetEvent set = new ManualResetEvent(true);
            Assert.IsFalse(unset.WaitOne(0, false), "unset");
            Assert.IsTrue(set.WaitOne(0, false), "set");
            Assert.IsTrue(set.WaitOne(0, false), "it stays set");
            set.Reset();
            Assert.IsFalse(set.WaitOne(0, false), "reset");
        }

        [TestMethod]
        public void A_wait_lasts_as_long_as_it_says_and_then_says_false()
        {
            int[] times = { 1, 20, 70 };
            ManualResetEvent unset = new ManualResetEvent(false);
            for (int i = 0; i < times.Length; i++)
            {
                long start = Runtime.Now;
                Assert.IsFalse(unset.WaitOne(times[i], false), "WaitOne(" + times[i].ToString() + ")");
                Assert.IsGreaterThanOrEqualTo(times[i] / 2, Runtime.Now - start, "WaitOne(" + times[i].ToString() + ")");
            }
        }

        [TestMethod]
        public void A_wait_for_ever_and_the_longest_one_end_when_another_thread_sets_the_event()
        {
            int[] times = { -1, int.MaxValue, Long };
            for (int i = 0; i < times.Length; i++)
            {
                ManualResetEvent wanted = new ManualResetEvent(false);
                new Thread(() =>
                {
                    Thread.Sleep(10);
                    wanted.Set();
                }).Start();
                Assert.IsTrue(wanted.WaitOne(times[i], false), "WaitOne(" + times[i].ToString() + ")");
            }
        }

        [TestMethod]
        public void Setting_wakes_every_thread_that_waits()
        {
            _woken = 0;
            _event = new ManualResetEvent(false);
            _all = new ManualResetEvent(false);
            for (int i = 0; i < 3; i++)
            {
                new Thread(WaitAndCount).Start();
            }

            Thread.Sleep(20);
            _event.Set();
            Assert.IsTrue(_all.WaitOne(Long, false), "all three woke");
        }

        [TestMethod]
        public void An_event_that_is_set_before_the_wait_is_not_missed()
        {
            for (int i = 0; i < 20; i++)
            {
                ManualResetEvent wanted = new ManualResetEvent(false);
                new Thread(() => wanted.Set()).Start();
                if ((i & 1) == 0)
                {
                    Thread.Sleep(1);
                }

                Assert.IsTrue(wanted.WaitOne(Long, false), "round " + i.ToString());
            }
        }

        [TestMethod]
        public void Two_threads_hand_over_to_each_other_without_a_loss()
        {
            ManualResetEvent ping = new ManualResetEvent(false);
            ManualResetEvent pong = new ManualResetEvent(false);
            new Thread(() =>
            {
                for (int i = 0; i < 50; i++)
                {
                    ping.WaitOne(Long, false);
                    ping.Reset();
                    pong.Set();
                }
            }).Start();
            for (int i = 0; i < 50; i++)
            {
                ping.Set();
                Assert.IsTrue(pong.WaitOne(Long, false), "round " + i.ToString());
                pong.Reset();
            }
        }

        [TestMethod]
        public void Set_and_Reset_say_true()
        {
            ManualResetEvent one = new ManualResetEvent(false);
            Assert.IsTrue(one.Set(), "Set");
            Assert.IsTrue(one.Reset(), "Reset");
        }

        private static void WaitAndCount()
        {
            _event.WaitOne(Long, false);
            lock (_all)
            {
                _woken++;
                if (_woken == 3)
                {
                    _all.Set();
                }
            }
        }
    }
}
