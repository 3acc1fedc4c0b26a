using System;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Crypto.Host;
using NfDtls.Crypto.Software;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Services;

/// <summary>Options with a key that both ends have, and waiting that ends as soon as what is waited for has come.</summary>
internal static class Setup
{
    /// <summary>
    /// The bound, in milliseconds, of every wait for something that must come. It ends a test that is stuck; no machine is so slow
    /// that it comes near.
    /// </summary>
    internal const int Patience = 600_000;

    internal const string Identity = "sensor-1";

    internal static readonly byte[] Key = Encoding.ASCII.GetBytes("16 bytes of key!");

    /// <summary>Options over .NET's cryptography.</summary>
    internal static DtlsOptions HostOptions()
    {
        return With(new DtlsOptions(), new HostProvider());
    }

    /// <summary>Options over managed cryptography with a random source that is the same in every run.</summary>
    internal static DtlsOptions SeededOptions(int seed)
    {
        return With(new DtlsOptions(), new SoftwareProvider(new SeededEntropy(seed)));
    }

    internal static DtlsOptions With(DtlsOptions options, CryptoProvider crypto)
    {
        options.Crypto = crypto;
        options.Suites = PskSuites.Constrained();
        options.Psk = new PskStore();
        options.Psk.Add(Key, Identity);
        return options;
    }

    internal static IPEndPoint Loopback(int port)
    {
        return new IPEndPoint(IPAddress.Loopback, port);
    }

    internal static void Until(Func<bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.IsTrue(watch.ElapsedMilliseconds < Patience, "did not come about: " + what);
            Thread.Sleep(2);
        }
    }

    /// <summary>Every packet comes back in the end.</summary>
    internal static void Whole(PacketPool pool)
    {
        Until(() => pool.Available == pool.Count, "a whole pool");
    }

    /// <summary>Checks that a call fails with an error.</summary>
    internal static DtlsException Fails(DtlsError error, Action call)
    {
        DtlsException e = Assert.ThrowsExactly<DtlsException>(call);
        Assert.AreEqual(error, e.Error, e.Message);
        return e;
    }
}
