using System;
using System.Threading;

namespace NfDtls.Sockets
{
    /// <summary>A server from Start to Stop: its port and its thread. A thread that comes late to its end finds its own run ended.</summary>
    internal sealed class ServerRun
    {
        internal readonly DtlsServer Owner;
        internal readonly UdpPort Port;
        internal readonly OwnThread Thread = new OwnThread();
        internal readonly PskRequest[] Asked;
        internal readonly ManualResetEvent Finished = new ManualResetEvent(false);
        internal int AskedCount;
        internal bool HasEnded;

        /// <summary>What went wrong on another thread and its own is to tell of; or null.</summary>
        internal Exception Failure;

        /// <summary>The sessions that Stop ended and that nobody has been told of yet.</summary>
        internal DtlsSession[] Stopped;

        internal ServerRun(DtlsServer owner, UdpPort port, int maxHandshakes)
        {
            Owner = owner;
            Port = port;
            Asked = new PskRequest[maxHandshakes];
        }

        internal void Run()
        {
            Owner.Run(this);
        }

        /// <summary>Keeps a request to look at until it is answered.</summary>
        internal void Keep(PskRequest request)
        {
            Forget();
            if (AskedCount < Asked.Length)
            {
                Asked[AskedCount] = request;
                AskedCount++;
            }
        }

        /// <summary>Whether the application owes an answer.</summary>
        internal bool IsAsking()
        {
            if (AskedCount > 0)
            {
                Forget();
            }

            return AskedCount > 0;
        }

        private void Forget()
        {
            int kept = 0;
            for (int i = 0; i < AskedCount; i++)
            {
                if (Asked[i].IsWaiting)
                {
                    Asked[kept] = Asked[i];
                    kept++;
                }
            }

            for (int i = kept; i < AskedCount; i++)
            {
                Asked[i] = null;
            }

            AskedCount = kept;
        }
    }
}
