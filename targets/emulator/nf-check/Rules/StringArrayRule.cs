using NfDtls.Nano.Check.Il;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Check.Rules;

/// <summary>
/// NF214: what nobody has set in an array of strings is not null. Whether each element is set before it is read, no rule of a method can
/// see; one that makes such an array and sets nothing in any leaves it to chance.
/// </summary>
internal sealed class StringArrayRule : Rule
{
    private const string Message = "an array of strings, in which this method sets nothing: on the device an element that nobody set is not null, "
        + "and comparing it with a text ends the program; set every element here, be it to null";

    public override void Check(CheckedMethod method, Findings findings)
    {
        for (int i = 0; i < method.Instructions.Count; i++)
        {
            if (IsArrayOfStrings(method, i) && !method.Instructions.Skip(i).Any(later => later.Is("stelem.ref")))
            {
                findings.Error("NF214", Place.Of(method, method.Instructions[i]), Message);
            }
        }
    }

    private static bool IsArrayOfStrings(CheckedMethod method, int index)
    {
        return method.Instructions[index].Is("newarr") && !(index > 0 && method.Instructions[index - 1].Is("ldc.i4.0"))
            && TypeNameProvider.NameOf(method.Type.Assembly.Reader, method.Instructions[index].Token) == "System.String";
    }
}
