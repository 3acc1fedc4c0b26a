using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>What a resumed handshake costs, in bytes of UDP payload.</summary>
[TestClass]
public sealed class ResumptionBytesTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false, true, 8, 486, 442)]
    [DataRow(false, false, 8, 351, 299)]
    [DataRow(false, true, 32, 510, 514)]
    [DataRow(false, false, 32, 375, 347)]
    [DataRow(true, true, 32, 635, 666)]
    [DataRow(true, false, 32, 496, 409)]
    public void A_resumed_handshake_costs_what_the_documents_say(bool tickets, bool cookie, int idLength, int full, int resumed)
    {
        ResumptionBed bed = new ResumptionBed(tickets, options => options.CookieExchange = cookie, changeServer: server => server.IdLength = idLength).Connect();
        int first = bed.TakeSent().Sum(datagram => datagram.Bytes.Length);
        bed.Close();
        bed.TakeSent();
        bed.Bed.Connect();
        Assert.IsTrue(bed.Client.IsResumed);
        int[] lengths = bed.TakeSent().Select(datagram => datagram.Bytes.Length).ToArray();
        string kind = tickets ? "a ticket of " + bed.OfClient.Session.Ticket.Length : "an id of " + bed.OfClient.Session.Id.Length;
        TestContext.WriteLine("By " + kind + " bytes, " + (cookie ? "with" : "without") + " cookie: " + lengths.Sum() + " bytes (" + string.Join(", ", lengths) + "); the full handshake had " + first + ".");
        Assert.AreEqual(full, first);
        Assert.AreEqual(resumed, lengths.Sum());
    }
}
