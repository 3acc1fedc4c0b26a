using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>
    /// The background thread of a client, or of a server from Start to Stop. Its Thread object is kept for as long as it runs, and
    /// compared itself: nanoCLR gives the main thread, and a thread whose object nobody keeps, a new object at each question, with
    /// ManagedThreadId 0, so numbers tell no threads apart there.
    /// </summary>
    internal sealed class OwnThread
    {
        private Thread _thread;

        /// <summary>Whether it was started and has not said that it ends.</summary>
        internal bool IsRunning
        {
            get { return _thread != null; }
        }

        /// <summary>Whether the caller is this thread.</summary>
        internal bool IsCurrent
        {
            get { return _thread != null && _thread == Thread.CurrentThread; }
        }

        /// <summary>Starts the thread. Under the lock that the thread takes first.</summary>
        internal void Start(ThreadStart start)
        {
            Thread thread = Platform.MakeThread(start);
            _thread = thread;
            try
            {
                thread.Start();
            }
            catch
            {
                _thread = null;
                throw;
            }
        }

        /// <summary>Under the lock: the thread calls no handler any more.</summary>
        internal void End()
        {
            _thread = null;
        }
    }
}
