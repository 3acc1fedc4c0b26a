extern alias provisioning;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using provisioning::NfDtls.Samples.Provisioning;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>Which credentials a device uses when, with servers that a test plays.</summary>
[TestClass]
public sealed class ProvisionerTests
{
    private readonly CutMemory _memory = new(Cut.Torn);
    private readonly PlayedLinks _links = new();

    [TestMethod]
    public void A_device_without_credentials_asks_for_them_keeps_them_and_uses_them()
    {
        _links.Offers.Enqueue(Made("right"));
        _links.Connects = credentials => Kept() == credentials.Host;
        Assert.IsTrue(Connect());
        Assert.AreEqual("bootstrap, right", _links.Did);
        Assert.AreEqual("right", Kept());
        _links.Connects = _ => true;
        Assert.IsTrue(Connect());
        Assert.AreEqual("bootstrap, right, right", _links.Did);
    }

    [TestMethod]
    public void Credentials_that_fail_are_tried_three_times_and_then_new_ones_are_asked_for()
    {
        Keep("old");
        _links.Offers.Enqueue(Made("new"));
        _links.Connects = credentials => credentials.Host == "new";
        Assert.IsTrue(Connect());
        Assert.AreEqual("old, pause, old, pause, old, bootstrap, new", _links.Did);
        Assert.AreEqual("new", Kept());
    }

    [TestMethod]
    public void New_ones_that_are_of_no_use_are_asked_for_anew_so_often_and_no_more()
    {
        _links.Offers.Enqueue(Made("wrong"));
        _links.Offers.Enqueue(Made("right"));
        _links.Connects = credentials => credentials.Host == "right";
        Assert.IsTrue(Connect());
        Assert.AreEqual("bootstrap, wrong, pause, wrong, pause, wrong, pause, bootstrap, right", _links.Did);
        _links.Steps.Clear();
        _links.Connects = _ => false;
        for (int i = 0; i < 10; i++)
        {
            _links.Offers.Enqueue(Made("offer " + i));
        }

        Assert.IsFalse(Connect());
        Assert.HasCount(3, _links.Steps.Where(step => step == "bootstrap").ToArray());
        Assert.HasCount(12, _links.Steps.Where(step => step != "bootstrap" && step != "pause").ToArray());
    }

    [TestMethod]
    public void A_bootstrap_server_that_gives_nothing_costs_no_credentials()
    {
        Keep("old");
        _links.Connects = _ => false;
        Assert.IsFalse(Connect());
        Assert.AreEqual("old, pause, old, pause, old, bootstrap, pause, bootstrap, pause, bootstrap", _links.Did);
        _links.Connects = _ => true;
        Assert.IsTrue(Connect());
        Assert.AreEqual("old", Kept());
    }

    [TestMethod]
    public void Memory_that_keeps_nothing_ends_it_before_the_new_key_is_used()
    {
        _memory.Forgets = true;
        _links.Offers.Enqueue(Made("new"));
        Assert.IsFalse(Connect());
        Assert.AreEqual("bootstrap", _links.Did);
    }

    [TestMethod]
    public void Power_that_is_cut_while_new_ones_are_written_leaves_a_device_that_gets_on()
    {
        for (int at = 0; at < 50; at++)
        {
            _links.Steps.Clear();
            Keep("old");
            _links.Offers.Clear();
            _links.Offers.Enqueue(Made("new"));
            _links.Connects = credentials => credentials.Host == "new";
            _memory.CutAt = at;
            Assert.IsFalse(Connect());

            // The next life: with the old ones, or the new ones where all of them was written.
            Assert.IsTrue(Kept() is "old" or "new");
            _links.Offers.Enqueue(Made("new"));
            Assert.IsTrue(Connect());
            Assert.AreEqual("new", Kept());
        }
    }

    [TestMethod]
    public void A_bootstrap_server_that_brings_what_is_kept_costs_no_write()
    {
        Keep("old");
        int before = _memory.Writes;
        _links.Connects = _ => false;
        for (int i = 0; i < 30; i++)
        {
            _links.Offers.Enqueue(Made("old"));
        }

        for (int i = 0; i < 10; i++)
        {
            Assert.IsFalse(Connect());
        }

        Assert.IsEmpty(_links.Offers);
        Assert.AreEqual(before, _memory.Writes);
    }

    [TestMethod]
    public void Memory_that_throws_costs_one_try_and_is_not_written_over()
    {
        Keep("old");
        int before = _memory.Writes;
        _memory.Throws = true;
        _links.Offers.Enqueue(Made("new"));
        Assert.IsFalse(Connect());
        Assert.AreEqual("", _links.Did);
        _memory.Throws = false;
        _links.Connects = _ => true;
        Assert.IsTrue(Connect());
        Assert.AreEqual("old", _links.Did);
        Assert.AreEqual(before, _memory.Writes);
    }

    [TestMethod]
    public void A_key_that_could_not_be_written_is_zeroed()
    {
        Credentials fresh = Made("new");
        _links.Offers.Enqueue(fresh);
        _memory.CutAt = 10;
        Assert.IsFalse(Connect());
        Assert.IsTrue(fresh.Key.All(one => one == 0));
    }

    [TestMethod]
    public void Keys_are_zeroed_once_they_were_used()
    {
        Credentials fresh = Made("new");
        _links.Offers.Enqueue(fresh);
        List<byte[]> keys = [];
        _links.Connects = credentials =>
        {
            keys.Add(credentials.Key);
            return true;
        };
        Assert.IsTrue(Connect());
        Assert.IsTrue(Connect());
        Assert.HasCount(2, keys);
        Assert.IsTrue(keys.All(key => key.All(one => one == 0)));
    }

    private static Credentials Made(string host)
    {
        return new Credentials(host, 5684, Encoding.ASCII.GetBytes("device"), Encoding.ASCII.GetBytes("key of " + host));
    }

    private void Keep(string host)
    {
        Assert.IsTrue(new CredentialStore(_memory).Write(Made(host)));
    }

    private string? Kept()
    {
        return new CredentialStore(_memory).Read()?.Host;
    }

    private bool Connect()
    {
        return new Provisioner(new CredentialStore(_memory), _links, 3).Connect();
    }

    private sealed class PlayedLinks : Links
    {
        internal Queue<Credentials> Offers { get; } = new();

        internal List<string> Steps { get; } = [];

        internal Func<Credentials, bool> Connects { get; set; } = _ => false;

        internal string Did
        {
            get { return string.Join(", ", Steps); }
        }

        internal override Credentials? Bootstrap()
        {
            Steps.Add("bootstrap");
            return Offers.TryDequeue(out Credentials? offer) ? offer : null;
        }

        internal override bool Connect(Credentials credentials)
        {
            Steps.Add(credentials.Host);
            return Connects(credentials);
        }

        internal override void Pause()
        {
            Steps.Add("pause");
        }
    }
}
