using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Services.Engines;

/// <summary>Calls in random order over a bad network: whatever happens is documented, and nothing is lost track of.</summary>
[TestClass]
public class ModelTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Ten_thousand_random_lives_end_with_nothing_left(int quarter)
    {
        int handshakes = 0;
        int received = 0;
        for (int i = 0; i < 2500; i++)
        {
            int seed = (quarter * 1_000_000) + i;
            try
            {
                RandomLife life = new RandomLife(seed);
                life.Live();
                handshakes += life.Handshakes;
                received += life.Received;
            }
            catch (Exception e)
            {
                throw new AssertFailedException("Seed " + seed + ": " + e, e);
            }
        }

        Assert.IsTrue(handshakes > 2500 && received > 1000, handshakes + " handshakes and " + received + " records: the lives are too dull.");
    }
}
