using System;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;

namespace NfDtls.Tests.Host;

/// <summary>Options with a key that both ends have, and waiting that ends as soon as what is waited for has come.</summary>
internal static class Setup
{
    /// <summary>
    /// The bound, in milliseconds, of every wait for something that must come. It ends a test that is stuck; no machine is so slow
    /// that it comes near.
    /// </summary>
    public const int Patience = 600_000;

    public const string Identity = "Client_identity";

    public static readonly byte[] Key = Bytes("16 bytes of key!");

    public static DtlsOptions Options()
    {
        PskStore keys = new PskStore();
        keys.Add(Key, Identity);
        return new DtlsOptions
        {
            Crypto = new HostProvider(),
            Suites = PskSuites.Constrained(),
            Psk = keys,
            RetransmitTimeout = 200,
            HandshakeTimeout = Patience,
            PoolPackets = 32,
            ReceiveQueue = 8,
        };
    }

    public static DtlsOptions SoftwareOptions()
    {
        DtlsOptions options = Options();
        options.Crypto = new SoftwareProvider(new SystemEntropy());
        return options;
    }

    /// <summary>Options of an end that gives up soon: for what fails in any case, however soon that is.</summary>
    public static DtlsOptions ImpatientOptions(int handshakeTimeout)
    {
        DtlsOptions options = HastyOptions();
        options.HandshakeTimeout = handshakeTimeout;
        return options;
    }

    /// <summary>Options of an end that sends again soon, and gives up late.</summary>
    public static DtlsOptions HastyOptions()
    {
        DtlsOptions options = Options();
        options.RetransmitTimeout = 50;
        return options;
    }

    /// <summary>Options of an end that gives up after some tries, each of which had the time that it took.</summary>
    public static DtlsOptions OptionsOfTries(int retries)
    {
        DtlsOptions options = HastyOptions();
        options.MaxRetransmits = retries;
        return options;
    }

    public static byte[] Bytes(string text)
    {
        return Encoding.UTF8.GetBytes(text);
    }

    public static IPEndPoint Loopback(int port)
    {
        return new IPEndPoint(IPAddress.Loopback, port);
    }

    public static void Until(Func<bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.IsTrue(watch.ElapsedMilliseconds < Patience, "did not come about: " + what);
            Thread.Sleep(2);
        }
    }

    /// <summary>Runs something on a thread of its own; it must end in time.</summary>
    public static void InTime(string what, Action action)
    {
        Await(what, Start(action));
    }

    public static Running Start(Action action)
    {
        return new Running(action);
    }

    public static void Await(string what, Running running)
    {
        Assert.IsTrue(running.Join(Patience), "does not end: " + what);
        if (running.Failure != null)
        {
            throw new AssertFailedException(what + ": " + running.Failure, running.Failure);
        }
    }

    /// <summary>Checks that a call fails with an error.</summary>
    public static DtlsException Fails(DtlsError error, Action call)
    {
        DtlsException e = Assert.ThrowsExactly<DtlsException>(call);
        Assert.AreEqual(error, e.Error, e.Message);
        Assert.IsFalse(string.IsNullOrEmpty(e.Message));
        return e;
    }
}
