using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using ScottPlot;

// Draws the results of ./build.sh bench --json FILE: plots FILE FOLDER.
if (args is not [var file, var folder])
{
    Console.Error.WriteLine("usage: FILE.json FOLDER");
    return 2;
}

Directory.CreateDirectory(folder);
using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
JsonElement root = document.RootElement;
(string Name, string Title, string Filter)[] plots =
[
    ("handshakes-memory", "Handshakes in memory, by OpenSSL's", "^handshake/.*/1\\.2/memory$"),
    ("handshakes-udp", "Handshakes over UDP, by OpenSSL's", "^handshake/.*/1\\.2/udp$"),
    ("records-memory", "Echoes and records in memory, by OpenSSL's", "^(echo|send)/.*/1\\.2/memory$"),
    ("records-udp", "Echoes and records over UDP, by OpenSSL's", "^(echo|send)/.*/1\\.2/(udp|threads)$"),
];
foreach ((string name, string title, string filter) in plots)
{
    JsonElement[] rows = [.. root.GetProperty("Rows").EnumerateArray().Where(row => Regex.IsMatch(row.GetProperty("Id").GetString()!, filter))];
    if (rows.Length > 0)
    {
        Bars(rows, title).SaveSvg(Path.Combine(folder, name + ".svg"), 900, 140 + (70 * rows.Length));
    }
}

JsonElement[] sessions = [.. root.GetProperty("Counts").EnumerateArray().Where(count => Regex.IsMatch(count.GetProperty("Name").GetString()!, "^sessions/[0-9]+$"))];
if (sessions.Length > 0)
{
    Line(sessions).SaveSvg(Path.Combine(folder, "sessions.svg"), 700, 360);
}

return 0;

static Plot Bars(JsonElement[] rows, string title)
{
    string[] contestants = [.. rows.SelectMany(row => row.GetProperty("Scores").EnumerateArray().Select(score => score.GetProperty("Contestant").GetString()!)).Distinct().Where(name => name != "openssl")];
    Plot plot = new();
    IPalette palette = new ScottPlot.Palettes.Category10();
    List<Tick> ticks = [];
    for (int i = 0; i < rows.Length; i++)
    {
        double bottom = -i * (contestants.Length + 1.5);
        double? openSsl = Median(rows[i], "openssl");
        for (int j = 0; j < contestants.Length; j++)
        {
            if (Median(rows[i], contestants[j]) is { } speed && openSsl is { } by)
            {
                Bar bar = new() { Position = bottom - j, Value = speed / by, FillColor = palette.GetColor(j), Orientation = Orientation.Horizontal, Size = 0.9, Label = (speed / by).ToString("0.00", CultureInfo.InvariantCulture) };
                plot.Add.Bar(bar);
            }
        }

        ticks.Add(new Tick(bottom - ((contestants.Length - 1) / 2.0), rows[i].GetProperty("Id").GetString()!.Replace("/1.2", "", StringComparison.Ordinal)));
    }

    plot.Add.VerticalLine(1, color: Colors.Black.WithAlpha(0.5));
    plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. ticks]);
    plot.Axes.Left.MajorTickStyle.Length = 0;
    plot.Legend.ManualItems.AddRange(contestants.Select((name, j) => new LegendItem { LabelText = name, FillColor = palette.GetColor(j) }));
    plot.ShowLegend(Edge.Right);
    plot.Title(title);
    plot.XLabel("times OpenSSL's speed (the line: as fast)");
    plot.Axes.Margins(left: 0);
    return plot;
}

static Plot Line(JsonElement[] sessions)
{
    double[] x = [.. sessions.Select(count => Math.Log10(double.Parse(count.GetProperty("Name").GetString()!["sessions/".Length..], CultureInfo.InvariantCulture)))];
    double[] y = [.. sessions.Select(count => count.GetProperty("Value").GetDouble())];
    Plot plot = new();
    plot.Add.Scatter(x, y);
    plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(x, [.. x.Select(power => Math.Pow(10, power).ToString("#,##0", CultureInfo.InvariantCulture))]);
    plot.Axes.SetLimitsY(0, y.Max() * 1.3);
    plot.Title("A record of 64 bytes at a server");
    plot.XLabel("sessions on one port");
    plot.YLabel("ns of the processor's time");
    return plot;
}

static double? Median(JsonElement row, string contestant)
{
    foreach (JsonElement score in row.GetProperty("Scores").EnumerateArray())
    {
        if (score.GetProperty("Contestant").GetString() == contestant)
        {
            double[] speeds = [.. score.GetProperty("PerSecond").EnumerateArray().Select(one => one.GetDouble()).Order()];
            return speeds[speeds.Length / 2];
        }
    }

    return null;
}
