extern alias modem;

using System.Collections.Generic;
using modem::NfDtls.Samples.ModemTransport;

namespace NfDtls.Tests.Samples.Modem;

/// <summary>Keeps what a modem said of itself.</summary>
internal sealed class News : AtListener
{
    internal List<string> Lines { get; } = [];

    internal override void OnNews(string line)
    {
        Lines.Add(line);
    }
}
