using System.Reflection;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Rules;

/// <summary>
/// NF115: the runtime finds the target of a virtual call by name and signature, beginning at the object's own class,
/// and does not ask whether a method overrides or hides.
/// </summary>
internal sealed class HidingRule(KnownTypes known) : Rule
{
    public override void Check(CheckedMethod method, Findings findings)
    {
        bool isOverride = method.IsVirtual && !method.Definition.Attributes.HasFlag(MethodAttributes.NewSlot);
        if (method.IsStatic || isOverride || method.Name == ".ctor")
        {
            return;
        }

        string key = KnownTypes.MethodKey(method.Name, method.Definition.DecodeSignature(TypeNameProvider.Instance, null));
        foreach (KnownType ancestor in known.AncestorsOf(method.Type))
        {
            if (!ancestor.VirtualMethods.Contains(key))
            {
                continue;
            }

            findings.Error("NF115", Place.Of(method),
                $"hides the virtual {ancestor.Name}.{method.Name}, and the runtime takes it for an override; give it another name");
            return;
        }
    }
}
