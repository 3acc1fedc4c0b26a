using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF212: strings are UTF-8 that ends at the first zero.</summary>
internal sealed class StringLiteralRule : Rule
{
    public override void Check(CheckedMethod method, Findings findings)
    {
        foreach (Instruction? instruction in method.Instructions.Where(i => i.Is("ldstr")))
        {
            string text = method.Type.Assembly.Reader.GetUserString((UserStringHandle)MetadataTokens.Handle((int)instruction.Operand));
            if (!text.Contains('\0'))
            {
                continue;
            }

            findings.Error("NF212", Place.Of(method, instruction),
                "a string with a zero character: on the device it ends there; keep binary data in a byte array");
        }
    }
}
