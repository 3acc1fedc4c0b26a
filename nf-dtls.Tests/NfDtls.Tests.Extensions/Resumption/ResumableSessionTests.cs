using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>A client's session as bytes for flash; and what ages and ends it.</summary>
[TestClass]
public sealed class ResumableSessionTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_client_that_lost_its_memory_resumes_from_the_bytes_that_it_kept(bool tickets)
    {
        ResumptionBed bed = new ResumptionBed(tickets).Connect();
        byte[] flash = bed.OfClient.Session.Export();
        Assert.AreEqual(tickets ? 211 : 129, flash.Length, "as the documents say");
        bed.Close();
        bed.RestartClient(null, ResumableSession.Import(flash));
        bed.VerifyResumes();
        CollectionAssert.AreEqual(flash, ResumableSession.Import(flash).Export().Length == flash.Length ? ResumableSession.Import(flash).Export() : null);
    }

    [TestMethod]
    public void Bytes_that_were_cut_or_changed_are_refused_in_words()
    {
        byte[] flash = new ResumptionBed(true).Connect().OfClient.Session.Export();
        for (int length = 0; length < flash.Length; length++)
        {
            Assert.ThrowsExactly<ArgumentException>(() => ResumableSession.Import(flash.Take(length).ToArray()));
        }

        Random random = new Random(3);
        for (int i = 0; i < 3000; i++)
        {
            byte[] changed = (byte[])flash.Clone();
            int at = i < flash.Length ? i : random.Next(flash.Length);
            changed[at] ^= (byte)random.Next(1, 256);
            ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => ResumableSession.Import(changed));
            Assert.IsTrue(e.Message.Contains("no exported session") || e.Message.Contains("form") || e.Message.Contains("damaged"), e.Message);
        }

        for (int i = 0; i < 3000; i++)
        {
            byte[] noise = new byte[random.Next(400)];
            random.NextBytes(noise);
            Array.Copy(flash, noise, Math.Min(random.Next(12), noise.Length));
            Assert.ThrowsExactly<ArgumentException>(() => ResumableSession.Import(noise));
        }

        Assert.ThrowsExactly<ArgumentException>(() => ResumableSession.Import(flash.Append((byte)0).ToArray()));
        Assert.ThrowsExactly<ArgumentNullException>(() => ResumableSession.Import(null!));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ResumableSession.Import(new byte[] { 0x5E, 0x55, 2, 0 })).Message, "form 2");
    }

    [TestMethod]
    public void What_the_application_has_is_a_copy()
    {
        ResumptionBed bed = new ResumptionBed(true).Connect();
        bed.OfClient.Session.Clear();
        ResumableSession taken = bed.OfClient.Session;
        bed.VerifyResumes();
        bed.OfClient.Session = taken;
        taken.Clear();
        bed.VerifyResumes();
        bed.OfClient.Session = null;
        bed.VerifyFull();
    }

    [TestMethod]
    public void With_a_clock_a_session_ends_on_time_however_long_the_device_slept()
    {
        Clock clock = new Clock { Seconds = 1_800_000_000 };
        ResumptionBed bed = new ResumptionBed(true, changeClient: client => client.Clock = clock).Connect();
        byte[] flash = bed.OfClient.Session.Export();
        bed.Close();
        clock.Seconds += 86_399;
        bed.RestartClient(null, ResumableSession.Import(flash));
        bed.OfClient.Clock = clock;
        bed.VerifyResumes();
        clock.Seconds += 2;
        bed.RestartClient(null, ResumableSession.Import(flash));
        bed.OfClient.Clock = clock;
        bed.VerifyFull();

        // A clock that has lost its time leaves it to the server.
        bed.RestartClient(null, ResumableSession.Import(flash));
        bed.OfClient.Clock = new Clock { Seconds = -1 };
        bed.VerifyResumes();
    }

    [TestMethod]
    public void Servers_date_their_sessions_by_the_clock_that_they_share()
    {
        Clock clock = new Clock { Seconds = 1_800_000_000 };
        MemorySessionStore store = new MemorySessionStore(2);
        ResumptionBed bed = new ResumptionBed(false, changeServer: server =>
        {
            server.Clock = clock;
            server.Store = store;
        }).Connect();
        bed.VerifyResumes();
        clock.Seconds += 86_401;
        bed.VerifyFull();
        bed.VerifyResumes();

        // Made by a server whose clock is ahead: a minute is forgiven, and no more.
        clock.Seconds -= 50;
        bed.VerifyResumes();
        clock.Seconds -= 100;
        bed.VerifyFull();
    }

    [TestMethod]
    public void Options_out_of_their_range_are_refused_in_words()
    {
        Refuses("StoreSize", resumption => resumption.StoreSize = 65536);
        Refuses("IdLength", resumption => resumption.IdLength = 7);
        Refuses("Lifetime", resumption => resumption.Lifetime = 0);
        Refuses("MaxAge", resumption => resumption.MaxAge = 3600);
        Refuses("MaxTicketLength", resumption => resumption.MaxTicketLength = 1025);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MemorySessionStore(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RotatingTicketKeys(59));
        Assert.ThrowsExactly<ArgumentException>(() => new TicketKey(new byte[3], CryptoAlgorithm.Aes128Gcm, new byte[16]));
        Assert.ThrowsExactly<ArgumentException>(() => new TicketKey(new byte[4], CryptoAlgorithm.Aes128Gcm, new byte[32]));
        Assert.ThrowsExactly<ArgumentException>(() => new TicketKey(new byte[4], CryptoAlgorithm.Sha256, new byte[32]));
    }

    private static void Refuses(string name, Action<SessionResumption> change)
    {
        SessionResumption resumption = new SessionResumption();
        change(resumption);
        DtlsOptions options = TestBed.Options(1);
        options.Features = new Feature[] { resumption };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new DtlsClientEngine(options)).Message, name);
    }

    private sealed class Clock : SessionClock
    {
        internal long Seconds { get; set; }

        public override long UtcSeconds
        {
            get { return Seconds; }
        }
    }
}
