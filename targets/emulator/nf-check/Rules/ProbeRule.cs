using System.Reflection.Metadata;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF005: a member of a class library that no probe covers; only where a list of probes is given.</summary>
internal sealed class ProbeRule(IReadOnlyList<CheckedAssembly> assemblies, ProbeList? probed) : Rule
{
    // Attributes that the compiler adds: nobody calls them.
    private const string Attribute = "System.Attribute";
    private const string Message = "no probe says what it does on the device; write one and add it to the list";

    private readonly HashSet<string> _own = [.. assemblies.SelectMany(assembly => assembly.Types).Select(type => type.Name)];
    private readonly HashSet<string> _told = [];

    public override void Check(CheckedMethod method, Findings findings)
    {
        if (probed is null)
        {
            return;
        }

        foreach (Instruction instruction in method.Instructions.Where(i => i.HasToken && i.Token.Kind == HandleKind.MemberReference))
        {
            var member = MemberName.Of(method.Type.Assembly.Reader, instruction.Token);
            if (!_own.Contains(member.Type) && member.Type != Attribute && !probed.Covers(member.ToString()) && _told.Add(member.ToString()))
            {
                findings.Warning("NF005", Place.Of(method, instruction), $"{member}: {Message}");
            }
        }
    }
}
