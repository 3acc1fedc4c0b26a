using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;
using NfDtls.Tests.Peers.Programs;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>Handshakes over a network that loses and doubles datagrams.</summary>
internal static class Lossy
{
    private const int Pause = 500;

    /// <summary>
    /// On one machine an answer takes no second. GnuTLS, whose timer begins with one, starts it anew with everything that comes,
    /// and does not answer a repetition: the waits must grow beyond that, or it never repeats what it lost.
    /// </summary>
    internal static DtlsOptions Options(DtlsOptions options)
    {
        options.RetransmitTimeout = 200;
        options.MaxRetransmitTimeout = 5000;
        options.MaxRetransmits = 100;
        return options;
    }

    /// <summary>Shakes hands over losses; when they are over, a message finds its way there and back.</summary>
    internal static void Check(Driver driver, Action shakeHands)
    {
        driver.LosesDatagrams = true;
        shakeHands();
        Assert.AreNotEqual(0, driver.Lost, "Nothing was lost.");
        driver.LosesDatagrams = false;

        // The peer may still wait for the last flight, and drop what comes before it.
        byte[] message = TestSuite.Data;
        byte[]? back = null;
        for (Stopwatch clock = Stopwatch.StartNew(); back == null; back = driver.TryReceive(Pause))
        {
            Assert.IsFalse(Patience.IsOver(clock), "No message came back.");
            driver.Send(message);
        }

        // A program that echoes may put several tries into one record.
        string hex = Convert.ToHexString(back);
        Assert.StartsWith(Convert.ToHexString(message), hex, "A message came back changed: " + hex);

        // On a slow machine several are on their way; whoever goes on from here wants none of them.
        byte[] last = [1, 2, 4];
        driver.Send(last);
        for (IEnumerable<byte> rest = []; !rest.TakeLast(last.Length).SequenceEqual(last);)
        {
            rest = rest.Concat(driver.Receive("the last message"));
        }
    }
}
