using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Runtime
{
    /// <summary>Threads: who is who, and how they pass time.</summary>
    [TestClass]
    public class ThreadProbes
    {
        private const int Long = 60000;

        private static Thread _seen;
        private static int _number;
        private static int _count;
        private static int _stop;
        private static ManualResetEvent _done;

        [TestMethod]
        public void A_started_thread_is_the_object_that_started_it_while_that_is_kept()
        {
            _seen = null;
            _done = new ManualResetEvent(false);
            Thread thread = new Thread(See);
            thread.Start();
            Assert.IsTrue(_done.WaitOne(Long, false), "the thread ran");
            Assert.AreSame(thread, _seen, "the thread's own view");
            Assert.IsFalse(thread == Thread.CurrentThread, "the main thread is another");
        }

        [TestMethod]
        public void It_still_is_that_object_after_a_collection()
        {
            _seen = null;
            _done = new ManualResetEvent(false);
            ManualResetEvent go = new ManualResetEvent(false);
            Thread thread = new Thread(() =>
            {
                go.WaitOne(Long, false);
                See();
            });
            thread.Start();
            Runtime.Collect();
            go.Set();
            Assert.IsTrue(_done.WaitOne(Long, false), "the thread ran");
            Assert.AreSame(thread, _seen, "the thread's own view");
            Assert.IsGreaterThan(0, _number, "the number of a thread whose object is kept");
        }

        [TestMethod]
        public void Whether_the_main_thread_is_known_by_its_object_or_its_number()
        {
            Thread main = Thread.CurrentThread;
            Runtime.Collect();
            Assert.AreSame(main, Thread.CurrentThread, "the main thread's object while it is kept");
            Difference.Expect("the main thread has a ManagedThreadId above 0", true, false, Thread.CurrentThread.ManagedThreadId > 0);
        }

        [TestMethod]
        public void Whether_a_thread_whose_object_nobody_keeps_is_known_by_its_number()
        {
            _done = new ManualResetEvent(false);
            ManualResetEvent go = new ManualResetEvent(false);
            StartAndForget(go);
            Runtime.Collect();
            Runtime.Collect();
            go.Set();
            Assert.IsTrue(_done.WaitOne(Long, false), "the thread ran");
            Difference.Expect("a thread whose object was collected keeps its ManagedThreadId", true, false, _number > 0);
        }

        [TestMethod]
        public void Sleep_lasts_as_long_as_it_says_by_the_same_clock()
        {
            int[] times = { 0, 1, 15, 60 };
            for (int i = 0; i < times.Length; i++)
            {
                long start = Runtime.Now;
                Thread.Sleep(times[i]);
                Assert.IsGreaterThanOrEqualTo(times[i] / 2, Runtime.Now - start, "Sleep(" + times[i].ToString() + ")");
            }
        }

        [TestMethod]
        public void A_thread_that_never_waits_does_not_keep_the_others_from_running()
        {
            _count = 0;
            _stop = 0;
            _done = new ManualResetEvent(false);
            Thread busy = new Thread(() =>
            {
                while (Interlocked.CompareExchange(ref _stop, 0, 0) == 0)
                {
                    Interlocked.Increment(ref _count);
                }

                _done.Set();
            });
            busy.Start();
            while (Interlocked.CompareExchange(ref _count, 0, 0) == 0)
            {
                Thread.Sleep(1);
            }

            Interlocked.Exchange(ref _stop, 1);
            Assert.IsTrue(_done.WaitOne(Long, false), "the busy thread saw the change");
        }

        [TestMethod]
        public void Many_threads_one_after_another_leave_nothing_behind()
        {
            _count = 0;
            for (int i = 0; i < 40; i++)
            {
                _done = new ManualResetEvent(false);
                new Thread(Count).Start();
                Assert.IsTrue(_done.WaitOne(Long, false), "thread " + i.ToString());
            }

            Assert.AreEqual(40, _count, "threads that ran");
        }

        [TestMethod]
        public void An_exception_that_a_thread_catches_ends_nothing()
        {
            _count = 0;
            _done = new ManualResetEvent(false);
            new Thread(() =>
            {
                try
                {
                    throw new System.InvalidOperationException("inside");
                }
                catch (System.InvalidOperationException exception)
                {
                    _count = exception.Message.Length;
                }

                _done.Set();
            }).Start();
            Assert.IsTrue(_done.WaitOne(Long, false), "the thread went on");
            Assert.AreEqual(6, _count, "what it caught");
        }

        [TestMethod]
        public void What_a_thread_does_not_catch_ends_that_thread_alone_on_a_board()
        {
            // On .NET it ends the process, so it is not tried there.
            if (!Runtime.IsNano)
            {
                return;
            }

            _count = 0;
            new Thread(() =>
            {
                _count = 1;
                throw new System.InvalidOperationException("nobody catches this");
            }).Start();
            while (_count == 0)
            {
                Thread.Sleep(1);
            }

            Thread.Sleep(20);
            _done = new ManualResetEvent(false);
            new Thread(Count).Start();
            Assert.IsTrue(_done.WaitOne(Long, false), "another thread still runs");
        }

        private static void StartAndForget(ManualResetEvent go)
        {
            new Thread(() =>
            {
                go.WaitOne(Long, false);
                See();
            }).Start();
        }

        private static void See()
        {
            _seen = Thread.CurrentThread;
            _number = _seen.ManagedThreadId;
            _done.Set();
        }

        private static void Count()
        {
            _count++;
            _done.Set();
        }
    }
}
