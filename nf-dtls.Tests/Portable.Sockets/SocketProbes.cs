using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Runtime;

namespace NfDtls.Tests.Sockets
{
    /// <summary>UDP sockets on loopback, as the library uses them: Bind, Poll, ReceiveFrom, SendTo, Close.</summary>
    [TestClass]
    public class SocketProbes
    {
        private const int Long = 60000000;

        private static readonly byte[] Loopback = { 127, 0, 0, 1 };

        [TestMethod]
        public void A_socket_that_is_bound_to_any_port_knows_which()
        {
            Socket socket = Bound();
            IPEndPoint local = (IPEndPoint)socket.LocalEndPoint;
            Assert.IsTrue(local.Port > 0 && local.Port < 65536, "port " + local.Port.ToString());
            Check.Equal(Loopback, local.Address.GetAddressBytes(), "address");
            Assert.IsTrue(local.Address.AddressFamily == AddressFamily.InterNetwork, "family");
            socket.Close();
        }

        [TestMethod]
        public void Poll_waits_as_long_as_it_says_and_then_says_false()
        {
            Socket socket = Bound();
            Assert.IsFalse(socket.Poll(0, SelectMode.SelectRead), "at once");
            int[] times = { 1, 20, 60 };
            for (int i = 0; i < times.Length; i++)
            {
                long start = Runtime.Runtime.Now;
                Assert.IsFalse(socket.Poll(times[i] * 1000, SelectMode.SelectRead), "Poll");
                Assert.IsGreaterThanOrEqualTo(times[i] / 2, Runtime.Runtime.Now - start, "milliseconds");
            }

            socket.Close();
        }

        [TestMethod]
        public void Poll_ends_when_another_thread_sends()
        {
            Socket socket = Bound();
            Socket sender = Bound();
            EndPoint to = socket.LocalEndPoint;
            new Thread(() =>
            {
                Thread.Sleep(20);
                sender.SendTo(new byte[] { 1 }, 0, 1, SocketFlags.None, to);
            }).Start();
            Assert.IsTrue(socket.Poll(Long, SelectMode.SelectRead), "something came");
            Assert.IsTrue(socket.Poll(0, SelectMode.SelectRead), "and is still there");
            socket.Close();
            sender.Close();
        }

        [TestMethod]
        public void Each_datagram_comes_alone_and_with_its_senders_address()
        {
            Socket socket = Bound();
            Socket one = Bound();
            Socket other = Bound();
            byte[] buffer = new byte[100];
            for (int i = 0; i < 3; i++)
            {
                Socket sender = i == 1 ? other : one;
                byte[] data = Check.Bytes(10 + i, i);
                Assert.AreEqual(data.Length, sender.SendTo(data, 0, data.Length, SocketFlags.None, socket.LocalEndPoint), "bytes sent");
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                Assert.IsTrue(socket.Poll(Long, SelectMode.SelectRead), "it came");
                int length = socket.ReceiveFrom(buffer, 0, buffer.Length, SocketFlags.None, ref from);
                Check.Equal(data, buffer, 0, length, "data");
                IPEndPoint address = (IPEndPoint)from;
                Assert.AreEqual(((IPEndPoint)sender.LocalEndPoint).Port, address.Port, "the sender's port");
                Check.Equal(Loopback, address.Address.GetAddressBytes(), "the sender's address");
            }

            Assert.IsFalse(socket.Poll(0, SelectMode.SelectRead), "nothing is left");
            socket.Close();
            one.Close();
            other.Close();
        }

        [TestMethod]
        public void What_becomes_of_a_datagram_that_is_longer_than_the_buffer()
        {
            Socket socket = Bound();
            Socket sender = Bound();
            sender.SendTo(Check.Bytes(100), 0, 100, SocketFlags.None, socket.LocalEndPoint);
            Assert.IsTrue(socket.Poll(Long, SelectMode.SelectRead), "it came");
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            int result;
            try
            {
                result = socket.ReceiveFrom(new byte[40], 0, 40, SocketFlags.None, ref from);
            }
            catch (SocketException exception)
            {
                result = Errors.Code(exception);
            }

            // .NET says so on Windows, and nowhere else.
            Assert.IsTrue(result == 40 || (!Runtime.Runtime.IsNano && result == (int)SocketError.MessageSize), "what fits: " + result.ToString());
            Assert.IsFalse(socket.Poll(20000, SelectMode.SelectRead), "the rest is gone");
            socket.Close();
            sender.Close();
        }

        [TestMethod]
        public void What_becomes_of_a_datagram_of_no_bytes()
        {
            Socket socket = Bound();
            Socket sender = Bound();
            sender.SendTo(new byte[4], 0, 0, SocketFlags.None, socket.LocalEndPoint);
            Difference.Expect("a datagram of no bytes is sent", true, false, socket.Poll(50000, SelectMode.SelectRead));
            socket.Close();
            sender.Close();
        }

        [TestMethod]
        public void A_port_that_is_taken_is_refused_by_number()
        {
            Socket socket = Bound();
            Socket other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            int code = 0;
            try
            {
                other.Bind(socket.LocalEndPoint);
            }
            catch (SocketException exception)
            {
                code = Errors.Code(exception);
            }

            Assert.AreEqual((int)SocketError.AddressAlreadyInUse, code, "Bind");
            other.Close();
            socket.Close();
            Socket again = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            again.Bind(new IPEndPoint(new IPAddress(Loopback), 0));
            again.Close();
        }

        [TestMethod]
        public void A_datagram_to_a_port_where_nobody_listens_is_no_error_and_the_socket_goes_on()
        {
            Socket socket = Bound();
            Socket gone = Bound();
            EndPoint nobody = gone.LocalEndPoint;
            gone.Close();
            for (int i = 0; i < 3; i++)
            {
                Assert.AreEqual(1, socket.SendTo(new byte[1], 0, 1, SocketFlags.None, nobody), "sent");
            }

            Assert.IsFalse(socket.Poll(20000, SelectMode.SelectRead), "nothing to read");
            socket.SendTo(new byte[] { 5 }, 0, 1, SocketFlags.None, socket.LocalEndPoint);
            Assert.IsTrue(socket.Poll(Long, SelectMode.SelectRead), "it still works");
            socket.Close();
        }

        [TestMethod]
        public void Addresses_keep_their_bytes()
        {
            IPAddress address = IPAddress.Parse("192.0.2.7");
            Check.Equal(new byte[] { 192, 0, 2, 7 }, address.GetAddressBytes(), "parsed");
            Check.Equal(new byte[] { 192, 0, 2, 7 }, new IPAddress(new byte[] { 192, 0, 2, 7 }).GetAddressBytes(), "made of bytes");
            Assert.AreEqual("192.0.2.7", address.ToString(), "as text");
            Assert.AreEqual("192.0.2.7:5684", new IPEndPoint(address, 5684).ToString(), "with a port");
            Check.Equal(new byte[4], IPAddress.Any.GetAddressBytes(), "any");
            Check.Equal(Check.Hex("00000000000000000000ffffc0000207"), address.MapToIPv6().GetAddressBytes(), "mapped");
        }

        [TestMethod]
        public void Addresses_are_compared_by_reference_or_by_content()
        {
            IPAddress address = IPAddress.Parse("192.0.2.7");
            IPAddress nothing = null;
            Assert.IsTrue(nothing == null, "null");
            Assert.IsTrue(address != null, "an address is not null");
            Assert.IsTrue(address.Equals(IPAddress.Parse("192.0.2.7")), "the same bytes");
            Assert.IsFalse(address.Equals(IPAddress.Parse("192.0.2.8")), "other bytes");
        }

        [TestMethod]
        public void A_name_has_its_addresses()
        {
            string[] names = { "localhost", "127.0.0.1" };
            for (int n = 0; n < names.Length; n++)
            {
                IPAddress[] addresses = Dns.GetHostEntry(names[n]).AddressList;
                bool isThere = false;
                for (int i = 0; i < addresses.Length; i++)
                {
                    isThere |= addresses[i].ToString() == "127.0.0.1";
                }

                Assert.IsTrue(isThere, names[n] + ": among " + addresses.Length.ToString());
            }
        }

        [TestMethod]
        public void Addresses_of_IPv6_keep_their_bytes_and_scope()
        {
            byte[] bytes = Check.Hex("fe80000000000000020c29fffe123456");
            IPAddress address = new IPAddress(bytes, 7);
            Check.Equal(bytes, address.GetAddressBytes(), "bytes");
            Assert.AreEqual(7, address.ScopeId, "scope");
            Assert.IsTrue(address.AddressFamily == AddressFamily.InterNetworkV6, "family");
            Check.Equal(new byte[16], IPAddress.IPv6Any.GetAddressBytes(), "any");
        }

        [TestMethod]
        public void Closing_ends_the_wait_of_another_thread_or_its_time_does()
        {
            Socket socket = Bound();
            ManualResetEvent ended = new ManualResetEvent(false);
            new Thread(() =>
            {
                try
                {
                    socket.Poll(300000, SelectMode.SelectRead);
                }
                catch (Exception)
                {
                    // What it is differs; the library closes a socket in the thread that polls it.
                }

                ended.Set();
            }).Start();
            Thread.Sleep(20);
            socket.Close();
            Assert.IsTrue(ended.WaitOne(60000, false), "the wait ended");
        }

        private static Socket Bound()
        {
            Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(new IPAddress(Loopback), 0));
            return socket;
        }
    }
}
