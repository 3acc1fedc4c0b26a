using System.Reflection.Metadata.Ecma335;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Link.Sizes;

namespace NfDtls.Nano.Check.Rules;

/// <summary>
/// NF307: the metadata processor counts how deep a method's evaluation stack gets, and counts too little in a handler and behind a
/// condition of which one side throws. nanoCLR makes the frame by its count and two places, and never looks whether they are enough.
/// </summary>
/// <remarks>In a handler it is one too little, for which the two places always make up, but where a DateTime or TimeSpan is made there.</remarks>
internal sealed class StackRule : Rule
{
    private const string Cure = "write a throw within ?: as an if before the expression, give a handler's calls a method of their own, or link with nf-link";

    public override void Check(CheckedAssembly assembly, Findings findings)
    {
        using var definition = AssemblyDefinition.ReadAssembly(assembly.Path);
        foreach (CheckedMethod method in assembly.Methods.Where(m => m.Body is not null))
        {
            Check(Place.Of(method), ((MethodDefinition)definition.MainModule.LookupToken(MetadataTokens.GetToken(method.Handle))).Body, findings);
        }
    }

    private static void Check(Place place, MethodBody body, Findings findings)
    {
        int counted = StackSize.Counted(body), needed = StackSize.Needed(body), places = StackSize.Places(body), made = StackSize.Made(body);
        string told = $"an evaluation stack of {needed}; the metadata processor counts {counted}";
        if (places > made)
        {
            findings.Error("NF307", place, $"{told}, and nanoCLR makes {made} places where it writes to {places}: it writes over other memory; {Cure}");
        }
        else if (needed > counted + 1)
        {
            findings.Warning("NF307", place, $"{told}, and only a small method's least frame, or places that are to spare, make up for it; {Cure}");
        }
        else if (needed > counted)
        {
            findings.Info("NF307", place, $"{told}, and places that nanoCLR has to spare make up for it");
        }
    }
}
