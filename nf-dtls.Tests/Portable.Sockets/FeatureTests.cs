using System;
using System.Net;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Sockets;
using NfDtls.Tests.Runtime;

namespace NfDtls.Tests.Sockets
{
    /// <summary>The blocking client and server over real UDP on loopback, with what NfDtls.Extensions adds: it moves, sleeps, comes back and changes its keys.</summary>
    [TestClass]
    public class FeatureTests
    {
        private const int Long = 60000;

        // Extensions make hellos longer.
        private const int LongHello = 512;

        private static DtlsServer _server;
        private static ManualResetEvent _moved;
        private static ManualResetEvent _done;
        private static string _failure;

        [TestMethod]
        public void A_client_goes_on_from_another_port_and_the_server_tells_of_it()
        {
            Serve(new ConnectionIdFeature(4));
            _moved = new ManualResetEvent(false);
            _server.PeerMoved += (session, from, to) => _moved.Set();
            DtlsClient client = Connected(new ConnectionIdFeature(0));
            Echo(client, 1);
            client.Move(0);
            Echo(client, 2);
            Assert.IsTrue(_moved.WaitOne(Long, false), "PeerMoved");
            Assert.IsTrue(client.Close(Long), "closed");
            End(client);
        }

        [TestMethod]
        public void A_client_that_has_slept_goes_on_from_another_port()
        {
            DtlsOptions options = Ends.Options(2, LongHello);
            options.Features = new Feature[] { new ConnectionIdFeature(4), new DurableAssociations() };
            Serve(options);
            byte[] key = Check.Bytes(16, 9);
            byte[] saved = new byte[DurableAssociations.UsualLength];
            DtlsClient client = Connected(Sleeper());
            Echo(client, 1);
            int length = client.Export(key, saved, 0);
            client.Dispose();
            Runtime.Runtime.Collect();
            client = new DtlsClient(Sleeper());
            client.Import(new IPEndPoint(Ends.Loopback(), _server.LocalPort), key, saved, 0, length, 0);
            client.SavedIsGone();
            Echo(client, 2);
            End(client);
        }

        [TestMethod]
        public void A_client_resumes_and_changes_its_keys()
        {
            DtlsOptions options = Ends.Options(2, LongHello);
            options.Features = new Feature[] { new SessionResumption(), Renegotiation() };
            Serve(options);
            DtlsOptions own = Ends.Options(1, LongHello);
            own.Features = new Feature[] { new SessionResumption(), Renegotiation() };
            DtlsClient client = Connected(own);
            Assert.IsFalse(client.IsResumed, "the first");
            Assert.IsTrue(client.Close(Long), "closed");
            client.Reset();
            Assert.IsTrue(client.Connect(new IPEndPoint(Ends.Loopback(), _server.LocalPort), Long), "connected again");
            Assert.IsTrue(client.IsResumed, "the second");
            Echo(client, 1);
            Assert.IsTrue(client.Renegotiate(Long), "renegotiated");
            Echo(client, 2);
            End(client);
        }

        [TestMethod]
        public void A_client_on_another_thread_whose_object_nobody_keeps_moves_and_changes_its_keys()
        {
            DtlsOptions options = Ends.Options(2, LongHello);
            options.Features = new Feature[] { new ConnectionIdFeature(4), Renegotiation() };
            Serve(options);
            _done = new ManualResetEvent(false);
            _failure = "it did not end";
            StartAndForget();
            Runtime.Runtime.Collect();
            Assert.IsTrue(_done.WaitOne(2 * Long, false), "the other thread ended");
            Assert.AreEqual("", _failure, "on the other thread");
            End(null);
        }

        private static void StartAndForget()
        {
            new Thread(() =>
            {
                try
                {
                    DtlsOptions own = Ends.Options(1, LongHello);
                    own.Features = new Feature[] { new ConnectionIdFeature(0), Renegotiation() };
                    DtlsClient client = Connected(own);
                    Echo(client, 1);
                    client.Move(0);
                    Echo(client, 2);
                    Assert.IsTrue(client.Renegotiate(Long), "renegotiated");
                    Echo(client, 3);
                    client.Dispose();
                    _failure = "";
                }
                catch (Exception exception)
                {
                    _failure = exception.Message;
                }

                _done.Set();
            }).Start();
        }

        private static Renegotiation Renegotiation()
        {
            Renegotiation renegotiation = new Renegotiation();
            renegotiation.AllowPeer = true;
            return renegotiation;
        }

        private static DtlsOptions Sleeper()
        {
            DtlsOptions options = Ends.Options(1, LongHello);
            options.Features = new Feature[] { new ConnectionIdFeature(0), new DurableAssociations() };
            return options;
        }

        private static DtlsClient Connected(Feature feature)
        {
            DtlsOptions options = Ends.Options(1, LongHello);
            options.Features = new Feature[] { feature };
            return Connected(options);
        }

        private static DtlsClient Connected(DtlsOptions options)
        {
            DtlsClient client = new DtlsClient(options);
            Assert.IsTrue(client.Connect(new IPEndPoint(Ends.Loopback(), _server.LocalPort), Long), "connected");
            return client;
        }

        private static void Echo(DtlsClient client, int first)
        {
            byte[] buffer = new byte[64];
            client.Send(Check.Bytes(40, first));
            Assert.AreEqual(40, client.Receive(buffer, 0, Long), "the echo's length");
            Check.Equal(Check.Bytes(40, first), buffer, 0, 40, "the echo");
        }

        private static void Serve(Feature feature)
        {
            DtlsOptions options = Ends.Options(2, LongHello);
            options.Features = new Feature[] { feature };
            Serve(options);
        }

        private static void Serve(DtlsOptions options)
        {
            // Of a test that failed.
            End(null);
            _server = new DtlsServer(options);
            _server.DataReceived += Ends.SendBack;
            _server.Start(new IPEndPoint(Ends.Loopback(), 0));
        }

        /// <summary>Nothing of a test is left for the next: the heap is small.</summary>
        private static void End(DtlsClient client)
        {
            if (client != null)
            {
                client.Dispose();
            }

            if (_server != null)
            {
                _server.Dispose();
            }

            _server = null;
            _moved = null;
        }
    }
}
