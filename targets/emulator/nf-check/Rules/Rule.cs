using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>One thing to look for. A rule overrides the level it works at.</summary>
internal abstract class Rule
{
    public virtual void Check(CheckedAssembly assembly, Findings findings) { }

    public virtual void Check(CheckedType type, Findings findings) { }

    public virtual void Check(CheckedMethod method, Findings findings) { }
}
