using NfDtls.Nano.Check.Model;

namespace NfDtls.Nano.Check.Report;

internal enum Severity { Info, Warning, Error }

/// <summary>Something in an assembly that the device would break on, or pay for.</summary>
internal sealed record Finding(Place Place, string Code, Severity Severity, string Message)
{
    public override string ToString() => $"{Place}: {Code} {Severity.ToString().ToLowerInvariant()}: {Message}";
}

/// <summary>Collects findings; the same finding at several instructions of a method is kept once.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];
    private readonly HashSet<(string, string, string, string)> _seen = [];

    public IReadOnlyList<Finding> All => _all;

    public void Error(string code, Place place, string message) => Add(new Finding(place, code, Severity.Error, message));

    public void Warning(string code, Place place, string message) => Add(new Finding(place, code, Severity.Warning, message));

    public void Info(string code, Place place, string message) => Add(new Finding(place, code, Severity.Info, message));

    private void Add(Finding finding)
    {
        if (_seen.Add((finding.Place.Assembly, finding.Place.Member, finding.Code, finding.Message)))
        {
            _all.Add(finding);
        }
    }
}
