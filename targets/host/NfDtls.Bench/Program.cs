using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using NfDtls.Bench;

// How it is used: ./build.sh bench, or with --play as one contestant.
if (args is ["--play", var contestant, var id, var place])
{
    Player.Play(contestant, Row.Parse(id), place);
    return 0;
}

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

if (line.From != null)
{
    Results earlier = JsonSerializer.Deserialize(File.ReadAllText(line.From), ResultsJson.Default.Results)!;
    if (line.Document != null)
    {
        Document.WriteTo(line.Document, earlier);
    }

    Console.WriteLine(Document.Of(earlier));
    return 0;
}

string folder = Directory.CreateTempSubdirectory("nfdtls-bench-").FullName;
try
{
    Identities.WriteTo(folder);
    List<Contestant> contestants = [];
    foreach (Contestant one in Contestant.All.Where(one => line.Only.Count == 0 || line.Only.Contains(one.Name)))
    {
        string reason = "";
        if (!one.IsProgram || Programs.TryCompile(one.Name, folder, out reason))
        {
            contestants.Add(one);
        }
        else
        {
            Console.Error.WriteLine(one.Title + " is left out: " + reason);
        }
    }

    if (line.IsCheck)
    {
        return SelfCheck.Run(line, contestants, folder);
    }

    Results results = Surroundings.Describe(line.Settings);
    Competition competition = new(folder, line.Settings, Console.Error.WriteLine);
    foreach (Row row in Row.All().Where(row => line.Wants(row.Id)))
    {
        RowResult result = competition.Run(row, contestants);
        results.Rows.Add(result);
        Console.WriteLine(Table.Of(result));
        Save();
    }

    foreach (CountResult count in Counting.Run(line, contestants, folder))
    {
        results.Counts.Add(count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count.Name,-48}{count.Contestant,-20}{Table.Number(count.Value),12} {count.Unit}"));
    }

    Surroundings.End(results);
    Save();
    if (line.Document != null)
    {
        Document.WriteTo(line.Document, results);
    }

    return 0;

    // After each row, so that a run which is broken off has not been in vain.
    void Save()
    {
        if (line.Json != null)
        {
            File.WriteAllText(line.Json, JsonSerializer.Serialize(results, ResultsJson.Default.Results));
        }
    }
}
finally
{
    Directory.Delete(folder, true);
}
