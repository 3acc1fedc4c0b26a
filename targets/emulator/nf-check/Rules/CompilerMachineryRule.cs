using System.Reflection.Metadata;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF121-NF123: language features that the compiler builds from classes the device does not have.</summary>
/// <remarks>Version 2 has what an iterator is made of.</remarks>
internal sealed class CompilerMachineryRule(CoreLibrary version) : Rule
{
    private const string AsyncStateMachine = "System.Runtime.CompilerServices.IAsyncStateMachine";

    public override void Check(CheckedType type, Findings findings)
    {
        if (type.InterfaceNames.Contains(AsyncStateMachine))
        {
            findings.Error("NF121", Place.Of(type),
                "an async method: there are no tasks on the device; use a Thread, or a state machine that the caller steps");
        }
        else if (version == CoreLibrary.One && type.IsIterator)
        {
            findings.Error("NF122", Place.Of(type),
                "an iterator (yield): its class needs generic interfaces; fill an ArrayList, or write the IEnumerator");
        }
    }

    public override void Check(CheckedAssembly assembly, Findings findings)
    {
        bool usesDynamic = assembly.Reader.TypeReferences.Select(t => TypeNameProvider.NameOf(assembly.Reader, t))
            .Any(n => n.StartsWith("Microsoft.CSharp.RuntimeBinder.", StringComparison.Ordinal));
        if (!usesDynamic)
        {
            return;
        }

        findings.Error("NF123", Place.Of(assembly),
            "uses dynamic: there is no run-time binder on the device; cast to a class or an interface");
    }
}
