using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>What a fuzzer's targets do with what our own ends say, with small changes of it, and with what fuzzing has found worth keeping.</summary>
[TestClass]
public sealed class FuzzTests
{
    private const int Changes = 40;

    public static IEnumerable<object[]> EveryTarget()
    {
        return Targets.Names.Select(name => new object[] { name });
    }

    [TestMethod]
    [DynamicData(nameof(EveryTarget))]
    public void A_target_takes_its_seeds_and_changes_of_them_without_an_exception(string name)
    {
        byte[][] seeds = Targets.Seeds(name).ToArray();
        Assert.IsGreaterThan(1, seeds.Length);
        Random random = new(19);
        foreach (byte[] seed in seeds)
        {
            Play(name, seed);
        }

        for (int i = 0; i < Changes; i++)
        {
            byte[] changed = (byte[])seeds[random.Next(seeds.Length)].Clone();
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            Play(name, random.Next(4) == 0 ? changed[..random.Next(changed.Length + 1)] : changed);
        }
    }

    [TestMethod]
    public void What_fuzzing_found_worth_keeping_is_taken_without_an_exception()
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("corpus.txt");
        Assert.IsNotNull(stream);
        using StreamReader reader = new(stream);
        int inputs = 0;
        for (string? line = reader.ReadLine(); line != null; line = reader.ReadLine())
        {
            string[] parts = line.Split(' ');
            CollectionAssert.Contains(Targets.Names, parts[0]);
            Play(parts[0], Convert.FromBase64String(parts[1]));
            inputs++;
        }

        Assert.IsGreaterThan(0, inputs);
    }

    private static void Play(string name, byte[] input)
    {
        try
        {
            Targets.Run(name, input);
        }
        catch (Exception e)
        {
            throw new AssertFailedException(name + " " + Convert.ToBase64String(input) + ": " + e.Message, e);
        }
    }
}
