using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>All rules that hold for a generation of class libraries, run over all assemblies.</summary>
internal static class RuleSet
{
    public static void Run(
        IReadOnlyList<CheckedAssembly> assemblies, KnownTypes known, int codeBudget, Findings findings, ProbeList? probed = null, CoreLibrary version = CoreLibrary.One)
    {
        Rule[] rules =
        [
            new ReferenceRules(known),
            new SignatureRules(version),
            new TypeRules(),
            new HidingRule(known),
            new CompilerMachineryRule(version),
            new InstructionRules(version),
            new EnumTextRule(known),
            new StringLiteralRule(),
            new ThreadNumberRule(),
            new StringArrayRule(),
            new StaticInitialiserRule(assemblies),
            new LimitRules(),
            new StackRule(),
            new SizeRules(codeBudget),
            new NativeRules(),
            new ProbeRule(assemblies, probed),
        ];
        foreach (CheckedAssembly assembly in assemblies)
        {
            foreach (Rule rule in rules)
            {
                rule.Check(assembly, findings);
                foreach (CheckedType type in assembly.Types)
                {
                    rule.Check(type, findings);
                }

                foreach (CheckedMethod method in assembly.Methods)
                {
                    rule.Check(method, findings);
                }
            }
        }
    }
}
