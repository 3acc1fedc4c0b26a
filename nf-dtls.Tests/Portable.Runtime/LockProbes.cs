using System;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>lock, which is Monitor.Enter and Exit.</summary>
    [TestClass]
    public class LockProbes
    {
        private const int Long = 60000;

        private static readonly object Gate = new object();
        private static int _inside;
        private static int _most;
        private static int _ended;
        private static ManualResetEvent _all;

        [TestMethod]
        public void One_thread_at_a_time_is_inside_even_where_it_waits_there()
        {
            _inside = 0;
            _most = 0;
            _ended = 0;
            _all = new ManualResetEvent(false);
            for (int i = 0; i < 4; i++)
            {
                new Thread(Contend).Start();
            }

            Assert.IsTrue(_all.WaitOne(Long, false), "all came through");
            Assert.AreEqual(1, _most, "threads inside at one time");
        }

        [TestMethod]
        public void The_same_thread_may_enter_again_and_leaves_as_often()
        {
            ManualResetEvent entered = new ManualResetEvent(false);
            Thread other = new Thread(() =>
            {
                lock (Gate)
                {
                    entered.Set();
                }
            });
            lock (Gate)
            {
                lock (Gate)
                {
                    lock (Gate)
                    {
                        other.Start();
                    }

                    Assert.IsFalse(entered.WaitOne(30, false), "still held twice");
                }

                Assert.IsFalse(entered.WaitOne(30, false), "still held once");
            }

            Assert.IsTrue(entered.WaitOne(Long, false), "given up");
        }

        [TestMethod]
        public void An_exception_or_a_return_out_of_the_block_gives_the_lock_up()
        {
            try
            {
                lock (Gate)
                {
                    throw new InvalidOperationException("inside");
                }
            }
            catch (InvalidOperationException)
            {
            }

            Assert.AreEqual(7, ReturnFromInside(), "returned");
            ManualResetEvent entered = new ManualResetEvent(false);
            new Thread(() =>
            {
                lock (Gate)
                {
                    entered.Set();
                }
            }).Start();
            Assert.IsTrue(entered.WaitOne(Long, false), "another thread entered");
        }

        [TestMethod]
        public void What_was_written_inside_is_seen_by_the_next_thread_inside()
        {
            int[] shared = new int[1];
            ManualResetEvent done = new ManualResetEvent(false);
            Thread other = new Thread(() =>
            {
                for (int i = 0; i < 500; i++)
                {
                    lock (Gate)
                    {
                        shared[0]++;
                    }
                }

                done.Set();
            });
            other.Start();
            for (int i = 0; i < 500; i++)
            {
                lock (Gate)
                {
                    shared[0]++;
                }
            }

            Assert.IsTrue(done.WaitOne(Long, false), "the other came to its end");
            Assert.AreEqual(1000, shared[0], "both counted");
        }

        [TestMethod]
        public void A_lock_on_null_is_an_exception()
        {
            object nothing = null;
            string thrown = "nothing";
            try
            {
                lock (nothing)
                {
                    thrown = "entered";
                }
            }
            catch (Exception exception)
            {
                thrown = exception.GetType().Name;
            }

            Assert.AreEqual("ArgumentNullException", thrown, "lock (null)");
        }

        private static int ReturnFromInside()
        {
            lock (Gate)
            {
                return 7;
            }
        }

        private static void Contend()
        {
            for (int i = 0; i < 5; i++)
            {
                lock (Gate)
                {
                    _inside++;
                    if (_inside > _most)
                    {
                        _most = _inside;
                    }

                    Thread.Sleep(1);
                    _inside--;
                }
            }

            lock (Gate)
            {
                _ended++;
                if (_ended == 4)
                {
                    _all.Set();
                }
            }
        }
    }
}
