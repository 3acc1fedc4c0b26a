using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>
/// Handshakes of other programs, recorded from the loopback address: in strangers.txt a line for each datagram, with who spoke, from
/// which end, and the bytes.
/// </summary>
internal static class Strangers
{
    /// <summary>What they said, as inputs of a target.</summary>
    internal static IEnumerable<byte[]> Seeds(string name)
    {
        foreach (IGrouping<string, Line> talk in Read().GroupBy(line => line.Who))
        {
            bool is13 = talk.Key.EndsWith("-1.3", StringComparison.Ordinal);
            if (name == "decode")
            {
                yield return [0, .. Encoding.ASCII.GetBytes(string.Join('\n', talk.Select(line => Convert.ToHexString(line.Bytes))))];
            }
            else if (name == "extensions")
            {
                foreach (Line line in talk.Where(line => line.OfClient && line.Bytes.Length > 60 && line.Bytes[0] == 22 && line.Bytes[13] == 1))
                {
                    yield return [(byte)(is13 ? 1 : 0), .. Extensions(line.Bytes)];
                }
            }
            else if (name.EndsWith(is13 ? "13" : "12", StringComparison.Ordinal))
            {
                // What an end says goes to its peer, before the handshake and in the middle of it.
                foreach (Line line in talk)
                {
                    foreach (int state in new[] { 0, 3 })
                    {
                        yield return [(byte)((line.OfClient ? 1 : 0) | (state << 3)), (byte)(line.Bytes.Length >> 8), (byte)line.Bytes.Length, .. line.Bytes];
                    }
                }
            }
        }
    }

    private static List<Line> Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("strangers.txt")!;
        using StreamReader reader = new(stream);
        List<Line> all = [];
        for (string? line = reader.ReadLine(); line != null; line = reader.ReadLine())
        {
            string[] words = line.Split(' ');
            all.Add(new Line(words[0], words[1] == "client", Convert.FromBase64String(words[2])));
        }

        return all;
    }

    /// <summary>The block of extensions of a ClientHello, without its length.</summary>
    private static byte[] Extensions(byte[] datagram)
    {
        int at = 25 + 34;
        at += 1 + datagram[at];
        at += 1 + datagram[at];
        at += 2 + ((datagram[at] << 8) | datagram[at + 1]);
        at += 1 + datagram[at];
        return at + 2 < datagram.Length ? datagram[(at + 2)..] : [];
    }

    private sealed record Line(string Who, bool OfClient, byte[] Bytes);
}
