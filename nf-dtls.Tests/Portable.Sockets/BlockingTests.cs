using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Sockets;
using NfDtls.Tests.Runtime;

namespace NfDtls.Tests.Sockets
{
    /// <summary>The blocking client and server over real UDP on loopback: what waits does wait, on the main thread and on others.</summary>
    [TestClass]
    public class BlockingTests
    {
        private const int Long = 60000;

        private static ManualResetEvent _done;
        private static string _failure;
        private static DtlsServer _server;
        private static DtlsSession _session;
        private static ManualResetEvent _connected;

        [TestMethod]
        public void A_client_connects_echoes_and_closes_on_the_main_thread()
        {
            Serve();
            Talk(5);
            End();
        }

        [TestMethod]
        public void A_client_connects_echoes_and_closes_on_another_thread_whose_object_nobody_keeps()
        {
            Serve();
            _done = new ManualResetEvent(false);
            _failure = "it did not end";
            StartAndForget();
            Runtime.Runtime.Collect();
            Assert.IsTrue(_done.WaitOne(2 * Long, false), "the other thread ended");
            Assert.AreEqual("", _failure, "on the other thread");
            End();
        }

        [TestMethod]
        public void Receive_waits_its_time_and_says_that_nothing_came()
        {
            Serve();
            DtlsClient client = Connected();
            byte[] buffer = new byte[64];
            int[] times = { 0, 30, 150 };
            for (int i = 0; i < times.Length; i++)
            {
                Runtime.Runtime.Collect();
                long start = Runtime.Runtime.Now;
                Assert.AreEqual(-1, client.Receive(buffer, 0, times[i]), "nothing came");
                Assert.IsGreaterThanOrEqualTo(times[i] / 2, Runtime.Runtime.Now - start, "Receive of " + times[i].ToString() + " ms");
            }

            client.Dispose();
            End();
        }

        [TestMethod]
        public void A_sessions_Receive_waits_too_also_after_a_collection()
        {
            Serve(false);
            _connected = new ManualResetEvent(false);
            DtlsClient client = Connected();
            Assert.IsTrue(_connected.WaitOne(Long, false), "the server tells");
            byte[] buffer = new byte[64];
            for (int i = 0; i < 2; i++)
            {
                Runtime.Runtime.Collect();
                long start = Runtime.Runtime.Now;
                Assert.AreEqual(-1, _session.Receive(buffer, 0, 120), "nothing came");
                Assert.IsGreaterThanOrEqualTo(60, Runtime.Runtime.Now - start, "milliseconds");
            }

            client.Send(Check.Bytes(9));
            Assert.AreEqual(9, _session.Receive(buffer, 0, Long), "what came");
            client.Dispose();
            End();
        }

        [TestMethod]
        public void Connect_waits_its_time_where_nobody_answers()
        {
            Socket silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            silent.Bind(new IPEndPoint(Ends.Loopback(), 0));
            DtlsClient client = new DtlsClient(Ends.Options(7));
            long start = Runtime.Runtime.Now;
            Assert.IsFalse(client.Connect((IPEndPoint)silent.LocalEndPoint, 150), "not connected");
            Assert.IsGreaterThanOrEqualTo(75, Runtime.Runtime.Now - start, "milliseconds");
            Assert.AreEqual((int)AssociationState.Connecting, (int)client.State, "it goes on");
            client.Dispose();
            silent.Close();
        }

        [TestMethod]
        public void The_same_client_connects_again_and_again()
        {
            Serve();
            DtlsClient client = new DtlsClient(Ends.Options(1));
            IPEndPoint server = new IPEndPoint(Ends.Loopback(), _server.LocalPort);
            byte[] buffer = new byte[64];
            for (int i = 0; i < 3; i++)
            {
                Assert.IsTrue(client.Connect(server, Long), "connected");
                client.Send(Check.Bytes(20, i));
                Assert.AreEqual(20, client.Receive(buffer, 0, Long), "the echo");
                Check.Equal(Check.Bytes(20, i), buffer, 0, 20, "the echo");
                Assert.IsTrue(client.Close(Long), "closed");
                client.Reset();
            }

            client.Dispose();
            End();
        }

        [TestMethod]
        public void Closing_from_another_thread_ends_a_wait()
        {
            Serve();
            DtlsClient client = Connected();
            new Thread(() =>
            {
                Thread.Sleep(30);
                client.Dispose();
            }).Start();
            string thrown = "nothing";
            try
            {
                client.Receive(new byte[64], 0, Long);
            }
            catch (Exception exception)
            {
                thrown = exception.GetType().Name;
            }

            Assert.IsTrue(thrown == "ObjectDisposedException" || thrown == "DtlsException", thrown);
            End();
        }

        private static void StartAndForget()
        {
            new Thread(() =>
            {
                try
                {
                    Talk(5);
                    _failure = "";
                }
                catch (Exception exception)
                {
                    _failure = exception.Message;
                }

                _done.Set();
            }).Start();
        }

        private static void Talk(int rounds)
        {
            DtlsClient client = Connected();
            byte[] buffer = new byte[64];
            for (int i = 0; i < rounds; i++)
            {
                client.Send(Check.Bytes(40, i));
                Assert.AreEqual(40, client.Receive(buffer, 0, Long), "the echo's length");
                Check.Equal(Check.Bytes(40, i), buffer, 0, 40, "the echo");
            }

            Assert.IsTrue(client.Close(Long), "closed and answered");
            client.Dispose();
        }

        private static DtlsClient Connected()
        {
            DtlsClient client = new DtlsClient(Ends.Options(1));
            Assert.IsTrue(client.Connect(new IPEndPoint(Ends.Loopback(), _server.LocalPort), Long), "connected");
            return client;
        }

        /// <summary>Nothing of a test is left for the next: the heap is small.</summary>
        private static void End()
        {
            if (_server != null)
            {
                _server.Dispose();
            }

            _server = null;
            _session = null;
            _connected = null;
        }

        private static void Serve(bool isEcho = true)
        {
            // Of a test that failed.
            End();
            _server = new DtlsServer(Ends.Options(2));
            if (isEcho)
            {
                _server.DataReceived += Ends.SendBack;
            }

            _server.Connected += session =>
            {
                _session = session;
                if (_connected != null)
                {
                    _connected.Set();
                }
            };
            _server.Start(new IPEndPoint(Ends.Loopback(), 0));
        }
    }
}
