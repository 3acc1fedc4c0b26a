using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Peers.Ends;

namespace NfDtls.Tests.Peers.Certificates;

/// <summary>Handshakes over a network that loses and doubles datagrams.</summary>
internal static class Lossy
{
    private const int Tries = 60;

    /// <summary>On one machine an answer takes no second.</summary>
    internal static DtlsOptions Options(DtlsOptions options)
    {
        options.RetransmitTimeout = 200;
        options.MaxRetransmitTimeout = 1000;
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

        // The peer may still wait for the last flight.
        byte[] message = [1, 2, 3];
        byte[]? back = null;
        for (int i = 0; i < Tries && back == null; i++)
        {
            driver.Send(message);
            back = driver.TryReceive(500);
        }

        Assert.IsNotNull(back, "No message came back.");

        // A program that echoes may put several tries into one record.
        Assert.IsTrue(message.SequenceEqual(back.Take(message.Length)), "A message came back changed.");
    }
}
