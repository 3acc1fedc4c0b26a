extern alias provisioning;

using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using provisioning::NfDtls.Samples.Provisioning;

namespace NfDtls.Tests.Samples.Provisioning;

/// <summary>Credentials that are kept over losses of power.</summary>
[TestClass]
public sealed class CredentialStoreTests
{
    [TestMethod]
    public void Nothing_is_kept_at_first_and_the_last_ones_from_then_on()
    {
        CredentialStore store = new(new CutMemory(Cut.InPlace));
        Assert.IsNull(store.Read());
        for (int i = 0; i < 5; i++)
        {
            Assert.IsTrue(store.Write(Made(i)));
            Assert.AreEqual(TextOf(Made(i)), TextOf(store.Read()));
        }
    }

    [TestMethod]
    [DataRow(Cut.InPlace)]
    [DataRow(Cut.Shortened)]
    [DataRow(Cut.Erased)]
    [DataRow(Cut.Torn)]
    public void Power_that_is_cut_at_any_byte_leaves_the_old_ones_or_the_new_ones_whole(Cut kind)
    {
        for (int earlier = 0; earlier < 4; earlier++)
        {
            for (int at = 0; at < 200; at++)
            {
                CutMemory memory = new(kind);
                for (int i = 0; i < earlier; i++)
                {
                    Assert.IsTrue(new CredentialStore(memory).Write(Made(i)));
                }

                memory.CutAt = Math.Min(at, LengthOf(Made(earlier)));
                Assert.ThrowsExactly<IOException>(() => new CredentialStore(memory).Write(Made(earlier)));

                // The next life.
                CredentialStore store = new(memory);
                string? read = TextOf(store.Read());
                string? old = earlier == 0 ? null : TextOf(Made(earlier - 1));
                Assert.IsTrue(read == old || read == TextOf(Made(earlier)), "Cut at " + at + " with " + earlier + " before: " + read);
                Assert.IsTrue(at >= LengthOf(Made(earlier)) || read == old, "New ones are not there before their last byte is.");
                Assert.IsTrue(store.Write(Made(9)));
                Assert.AreEqual(TextOf(Made(9)), TextOf(store.Read()));
            }
        }
    }

    [TestMethod]
    public void Memory_that_does_not_keep_what_is_written_is_told_and_those_from_before_stay()
    {
        CutMemory memory = new(Cut.InPlace);
        CredentialStore store = new(memory);
        Assert.IsTrue(store.Write(Made(1)));
        memory.Forgets = true;
        Assert.IsFalse(store.Write(Made(2)));
        Assert.AreEqual(TextOf(Made(1)), TextOf(store.Read()));
    }

    [TestMethod]
    public void What_is_kept_is_not_written_again()
    {
        CutMemory memory = new(Cut.InPlace);
        for (int i = 0; i < 10; i++)
        {
            Assert.IsTrue(new CredentialStore(memory).Write(Made(1)));
        }

        Assert.AreEqual(1, memory.Writes);
        Assert.IsTrue(new CredentialStore(memory).Write(Made(2)));
        Assert.IsTrue(new CredentialStore(memory).Write(Made(1)));
        Assert.AreEqual(3, memory.Writes, "Those from before are not those that are current.");
        Assert.AreEqual(TextOf(Made(1)), TextOf(new CredentialStore(memory).Read()));
    }

    [TestMethod]
    public void No_array_that_went_to_the_memory_or_came_from_it_keeps_the_key()
    {
        CutMemory memory = new(Cut.InPlace);
        CredentialStore store = new(memory);
        for (int i = 0; i < 4; i++)
        {
            Assert.IsTrue(store.Write(Made(i)));
            Assert.IsTrue(store.Write(Made(i)));
            Assert.IsNotNull(store.Read());
        }

        memory.CutAt = 20;
        Assert.ThrowsExactly<IOException>(() => store.Write(Made(9)));
        Assert.IsGreaterThan(20, memory.Given.Count);
        Assert.IsTrue(memory.Given.All(array => array.All(one => one == 0)));
    }

    [TestMethod]
    public void The_places_in_RAM_keep_what_they_have_though_the_array_is_zeroed()
    {
        RamSlots slots = new();
        Assert.IsTrue(new CredentialStore(slots).Write(Made(1)));
        Assert.AreEqual(TextOf(Made(1)), TextOf(new CredentialStore(slots).Read()));
        Assert.AreEqual(TextOf(Made(1)), TextOf(new CredentialStore(slots).Read()));
    }

    [TestMethod]
    public void The_longest_ones_are_kept()
    {
        Credentials longest = new(new string('h', Credentials.MaxHost), 65535, [.. Enumerable.Repeat((byte)7, PskStore.MaxIdentityLength)], [.. Enumerable.Repeat((byte)8, Credentials.MaxKey)]);
        CredentialStore store = new(new CutMemory(Cut.InPlace));
        Assert.IsTrue(store.Write(longest));
        Assert.AreEqual(TextOf(longest), TextOf(store.Read()));
    }

    [TestMethod]
    public void The_newest_of_two_is_known_though_numbers_go_round()
    {
        CutMemory memory = new(Cut.InPlace);
        CredentialStore store = new(memory);
        Assert.IsTrue(store.Write(Made(1)));
        memory[0] = Numbered(memory[0]!, int.MaxValue);
        for (int i = 2; i < 6; i++)
        {
            Assert.IsTrue(store.Write(Made(i)));
            Assert.AreEqual(TextOf(Made(i)), TextOf(store.Read()));
        }
    }

    [TestMethod]
    public void Any_bytes_in_both_places_are_nothing()
    {
        Random random = new(31);
        CutMemory memory = new(Cut.InPlace);
        for (int i = 0; i < 50_000; i++)
        {
            for (int slot = 0; slot < 2; slot++)
            {
                byte[] bytes = new byte[random.Next(60)];
                random.NextBytes(bytes);
                byte[] start = [0xB5, 1, 0, (byte)random.Next(60)];
                start.AsSpan(0, Math.Min(bytes.Length, random.Next(5))).CopyTo(bytes);
                memory[slot] = bytes;
            }

            Assert.IsNull(new CredentialStore(memory).Read());
        }
    }

    private static Credentials Made(int i)
    {
        return new Credentials("server-" + i + ".example", 5684 + i, Encoding.ASCII.GetBytes("device-" + i), Encoding.ASCII.GetBytes("a key that is number " + i));
    }

    private static int LengthOf(Credentials credentials)
    {
        CutMemory memory = new(Cut.InPlace);
        Assert.IsTrue(new CredentialStore(memory).Write(credentials));
        return memory[0]!.Length;
    }

    /// <summary>A record with another number, and the checksum that belongs to it.</summary>
    private static byte[] Numbered(byte[] record, int number)
    {
        byte[] numbered = record.AsSpan().ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(numbered.AsSpan(4), number);
        uint sum = 0xFFFFFFFF;
        foreach (byte one in numbered.AsSpan(0, numbered.Length - 4))
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
            }
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(numbered.AsSpan(numbered.Length - 4), ~sum);
        return numbered;
    }

    private static string? TextOf(Credentials? credentials)
    {
        return credentials == null ? null : credentials.Host + ":" + credentials.Port + " " + Convert.ToHexString(credentials.Identity) + " " + Convert.ToHexString(credentials.Key);
    }
}
