using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;

namespace NfDtls.Nano.Check.Rules;

/// <summary>NF401-NF403: methods implemented outside the assembly.</summary>
internal sealed class NativeRules : Rule
{
    /// <summary>Room for a constructor or the accessor of an automatic property.</summary>
    private const int TrivialSize = 16;

    public override void Check(CheckedMethod method, Findings findings)
    {
        var place = Place.Of(method);
        if (method.IsPlatformInvoke)
        {
            findings.Error("NF402", place,
                "DllImport: the device has no dynamic libraries; use [MethodImpl(MethodImplOptions.InternalCall)] in an assembly of its own");
        }
        else if (method is { Body: null, IsAbstract: false, IsRuntimeImplemented: false } && !method.Type.Assembly.IsNative)
        {
            findings.Error("NF401", place,
                "an extern method in an assembly that is not native: stock firmware refuses it; move it to the native assembly, or pass that with --native");
        }
        else if (method.Type.Assembly.IsNative && method.Body is { } body && !IsTrivial(method, body))
        {
            findings.Warning("NF403", place,
                "code in a native assembly: each method there changes the checksum that the firmware must match; move it to the assembly that uses it");
        }
    }

    private static bool IsTrivial(CheckedMethod method, Il.MethodBody body)
        => method.Type.IsCompilerAttribute || (body.PackedSize <= TrivialSize && !method.IsStaticConstructor);
}
