using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Engine;

[TestClass]
public class EpochTableTests
{
    private static readonly Dtls12RecordCodec s_codec = new Dtls12RecordCodec();

    private readonly DtlsOptions _options = TestBed.Options(1);
    private readonly DtlsClientEngine _endpoint;

    public EpochTableTests()
    {
        _endpoint = new DtlsClientEngine(_options);
    }

    [TestMethod]
    public void Epoch_0_is_over_when_the_first_that_is_protected_is_proven()
    {
        EpochTable epochs = new EpochTable(64);
        Epoch plain = epochs.Begin(s_codec, new NullProtection());
        Epoch first = Add(epochs, 1, out Watched write, out Watched read);
        Assert.AreSame(plain, epochs.Find(0));
        Assert.AreSame(first, epochs.Find(1));
        Assert.AreSame(first, epochs.Newest);
        Assert.IsNull(epochs.Find(2));
        Assert.IsFalse(first.IsProven);
        epochs.Settle(_endpoint, 1000);
        Assert.IsTrue(first.IsProven);
        Assert.IsNull(epochs.Find(0));
        Assert.IsNull(first.Before);
        Assert.AreEqual(long.MaxValue, plain.ReadUntil);
        Assert.AreEqual(0, write.Cleared + read.Cleared);
        epochs.Settle(_endpoint, 1000);
        Assert.AreSame(first, epochs.Newest);
    }

    [TestMethod]
    public void The_epoch_before_is_written_no_more_read_for_two_minutes_and_then_wiped()
    {
        EpochTable epochs = new EpochTable(64);
        epochs.Begin(s_codec, new NullProtection());
        Epoch first = Add(epochs, 1, out Watched write, out Watched read);
        epochs.Settle(_endpoint, 1000);
        Epoch second = Add(epochs, 2, out Watched newWrite, out Watched newRead);
        Assert.AreSame(first, second.Before);
        epochs.Settle(_endpoint, 5000);
        Assert.AreEqual(125_000, first.ReadUntil);
        Assert.AreEqual(1, write.Cleared);
        Assert.AreEqual(0, read.Cleared);
        Assert.AreSame(first, epochs.Find(1));
        epochs.EndBefore(second, _endpoint);
        Assert.AreEqual(1, read.Cleared);
        Assert.IsNull(epochs.Find(1));
        Assert.IsNull(second.Before);
        epochs.EndBefore(second, _endpoint);
        Assert.AreEqual(0, newWrite.Cleared + newRead.Cleared);
        Assert.IsNull(_endpoint.TakeFailure());
    }

    [TestMethod]
    public void What_comes_before_an_epoch_ends_with_its_keys_and_epoch_0_without_any()
    {
        EpochTable epochs = new EpochTable(64);
        Watched nothing = new Watched();
        Epoch plain = epochs.Begin(s_codec, new NullProtection());
        plain.ReadProtection = nothing;
        Epoch first = Add(epochs, 1, out Watched write, out Watched read);
        epochs.EndBefore(first, _endpoint);
        Assert.AreEqual(0, nothing.Cleared);
        Assert.IsNull(first.Before);
        Add(epochs, 2, out _, out _);
        epochs.EndBefore(epochs.Newest, _endpoint);
        Assert.AreEqual(1, write.Cleared);
        Assert.AreEqual(1, read.Cleared);
        epochs.EndBefore(epochs.Newest, _endpoint);
        Assert.IsNull(_endpoint.TakeFailure());
    }

    [TestMethod]
    public void All_keys_are_wiped_whatever_throws_meanwhile_and_the_window_is_used_again()
    {
        EpochTable epochs = new EpochTable(1024);
        epochs.Begin(s_codec, new NullProtection());
        Epoch first = Add(epochs, 1, out Watched write, out Watched read);
        ReplayWindow window = first.Window;
        window.Accept(1000);
        Assert.IsTrue(window.IsNew(0), "The window is not as long as was asked for.");
        Epoch second = Add(epochs, 2, out Watched newWrite, out Watched newRead);
        Assert.AreNotSame(window, second.Window);
        newWrite.Throws = true;
        write.Throws = true;
        read.Throws = true;
        epochs.Clear(_endpoint);
        Assert.AreEqual(4, write.Cleared + read.Cleared + newWrite.Cleared + newRead.Cleared);
        Assert.AreEqual("wiping failed", _endpoint.TakeFailure()!.Message);
        Assert.IsNull(epochs.Newest);
        Assert.IsNull(epochs.Find(0));
        Assert.IsNull(epochs.Find(1));
        epochs.Begin(s_codec, new NullProtection());
        Epoch again = Add(epochs, 1, out _, out _);
        Assert.AreSame(window, again.Window);
        Assert.AreEqual(-1, window.Highest);
        Assert.IsTrue(window.IsNew(1000));
    }

    [TestMethod]
    public void Limits_of_use_are_the_suites_where_the_options_have_none()
    {
        CipherSuite suite = PskSuites.Aes128Ccm8();
        EpochTable epochs = new EpochTable(64);
        _options.SealLimit = 0;
        _options.ForgeryLimit = 0;
        Epoch epoch = epochs.Add(1, s_codec, _options, suite);
        Assert.AreEqual(suite.SealLimit, epoch.SealLimit);
        Assert.AreEqual(suite.ForgeryLimit, epoch.ForgeryLimit);
        _options.SealLimit = 1;
        _options.ForgeryLimit = 2;
        epoch = epochs.Add(2, s_codec, _options, suite);
        Assert.AreEqual(1, epoch.SealLimit);
        Assert.AreEqual(2, epoch.ForgeryLimit);
    }

    private Epoch Add(EpochTable epochs, long number, out Watched write, out Watched read)
    {
        write = new Watched();
        read = new Watched();
        Epoch epoch = epochs.Add(number, s_codec, _options, PskSuites.Aes128Ccm8());
        epoch.WriteProtection = write;
        epoch.ReadProtection = read;
        return epoch;
    }

    /// <summary>Protects nothing, and counts how often its keys are wiped.</summary>
    private sealed class Watched : RecordProtection
    {
        internal int Cleared { get; private set; }

        internal bool Throws { get; set; }

        internal override int PrefixLength
        {
            get { return 0; }
        }

        internal override int MaxSuffixLength
        {
            get { return 0; }
        }

        internal override int Seal(RecordCodec codec, RecordHeader header, byte[] buffer, int offset, int count)
        {
            return count;
        }

        internal override bool Open(RecordCodec codec, RecordHeader header, byte[] buffer)
        {
            return true;
        }

        internal override void Clear()
        {
            Cleared++;
            if (Throws)
            {
                throw new InvalidOperationException("wiping failed");
            }
        }
    }
}
