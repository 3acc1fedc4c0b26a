using System;
using System.Globalization;
using System.Text;

namespace NfDtls.Bench;

/// <summary>A row in words.</summary>
internal static class Table
{
    internal static string Of(RowResult result)
    {
        StringBuilder text = new();
        text.AppendLine(result.Id);
        foreach (Score score in result.Scores)
        {
            Ratio speed = Ratio.Of(score.PerSecond);
            string title = Contestant.Named(score.Contestant).Title;
            text.Append(CultureInfo.InvariantCulture, $"  {title,-34}{Number(speed.Median),12}/s  {Text(result.Compare(score.Contestant, Contestant.OpenSsl)),-22}{Text(result.Compare(score.Contestant, Contestant.Bouncy)),-22}{Text(result.Compare(score.Contestant, Contestant.Wolf)),-22}");
            text.Append(score.Allocated is double allocated ? $"{Number(allocated)} B" : "").AppendLine(score.Bytes == 0 ? "" : $"  {score.Datagrams} datagrams, {score.Bytes} bytes");
        }

        return text.ToString();
    }

    internal static string Text(Ratio? ratio)
    {
        return ratio is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.Median:F2} ({known.Lower:F2}..{known.Upper:F2})") : "-";
    }

    internal static string Number(double value)
    {
        return value.ToString(value < 100 ? "0.#" : "#,##0", CultureInfo.InvariantCulture);
    }
}
