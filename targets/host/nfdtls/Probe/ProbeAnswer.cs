using System.Collections.Generic;

namespace NfDtls.Tool;

/// <summary>What came of a hello.</summary>
internal enum ProbeEnd
{
    /// <summary>Nothing came.</summary>
    Silence,

    /// <summary>The host says that nobody listens on the port.</summary>
    Refused,

    /// <summary>A fatal alert.</summary>
    Alert,

    /// <summary>A ServerHello.</summary>
    Hello,
}

/// <summary>What a server said to a hello.</summary>
internal sealed class ProbeAnswer
{
    public ProbeEnd End { get; set; }

    /// <summary>Of the ServerHello, or of the HelloRetryRequest before an alert; or null.</summary>
    public string? Version { get; set; }

    public int Suite { get; set; } = -1;

    public string? SuiteName
    {
        get { return Suite < 0 ? null : WireNames.OfSuite(Suite); }
    }

    public string? Group { get; set; }

    /// <summary>"HelloVerifyRequest" or "HelloRetryRequest", where one with a cookie came.</summary>
    public string? CookieBy { get; set; }

    public int CookieLength { get; set; }

    public string? Alert { get; set; }

    public string? Hint { get; set; }

    public List<string> Extensions { get; } = [];

    public List<Node> Certificates { get; } = [];

    /// <summary>Whether the server asks for the client's certificate.</summary>
    public bool AsksForCertificate { get; set; }

    /// <summary>Milliseconds from the first hello that was answered to what answered it; below 0 where none was.</summary>
    public double RoundTrip { get; set; } = -1;

    /// <summary>First hellos that were sent, and how many were answered.</summary>
    public int Sent { get; set; }

    /// <summary>What a person reads of why there is no ServerHello.</summary>
    public string Why
    {
        get
        {
            return End switch
            {
                ProbeEnd.Refused => "nothing listens on this UDP port",
                ProbeEnd.Alert => "it answers with " + Alert,
                _ => "no answer",
            };
        }
    }
}
