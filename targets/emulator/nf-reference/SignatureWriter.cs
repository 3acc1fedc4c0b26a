using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using NfDtls.Nano.Surface;

namespace NfDtls.Nano.Reference;

/// <summary>Encodes the type names of a surface file into metadata signatures.</summary>
internal sealed class SignatureWriter(MetadataBuilder metadata, TypeHandles types)
{
    public BlobHandle Field(string type)
    {
        var blob = new BlobBuilder();
        Type(new BlobEncoder(blob).Field().Type(), type);
        return metadata.GetOrAddBlob(blob);
    }

    public BlobHandle Method(MethodSurface method)
    {
        var blob = new BlobBuilder();
        new BlobEncoder(blob).MethodSignature(isInstanceMethod: !method.Modifiers.IsStatic)
            .Parameters(method.Parameters.Count, r => Return(r, method.ReturnType), p => Parameters(p, method.Parameters));
        return metadata.GetOrAddBlob(blob);
    }

    public BlobHandle Property(PropertySurface property)
    {
        var blob = new BlobBuilder();
        new BlobEncoder(blob).PropertySignature(isInstanceProperty: !property.Modifiers.IsStatic)
            .Parameters(property.Parameters.Count, r => Return(r, property.Type), p => Parameters(p, property.Parameters));
        return metadata.GetOrAddBlob(blob);
    }

    private void Return(ReturnTypeEncoder encoder, string type)
    {
        if (type == "void")
        {
            encoder.Void();
        }
        else if (StripRef(ref type))
        {
            Type(encoder.Type(isByRef: true), type);
        }
        else if (type == "typedref")
        {
            encoder.TypedReference();
        }
        else
        {
            Type(encoder.Type(), type);
        }
    }

    private void Parameters(ParametersEncoder encoder, List<ParameterSurface> parameters)
    {
        foreach (ParameterSurface parameter in parameters)
        {
            ParameterTypeEncoder next = encoder.AddParameter();
            if (parameter.Type == "typedref")
            {
                next.TypedReference();
            }
            else
            {
                Type(next.Type(isByRef: parameter.Passing != Passing.Value), parameter.Type);
            }
        }
    }

    private static bool StripRef(ref string type)
    {
        if (!type.StartsWith("ref ", StringComparison.Ordinal))
        {
            return false;
        }

        type = type["ref ".Length..];
        return true;
    }

    private void Type(SignatureTypeEncoder encoder, string type)
    {
        if (type.EndsWith("[]", StringComparison.Ordinal))
        {
            Type(encoder.SZArray(), type[..^2]);
        }
        else if (type == "void*")
        {
            encoder.VoidPointer();
        }
        else if (type.EndsWith('*'))
        {
            Type(encoder.Pointer(), type[..^1]);
        }
        else if (type.EndsWith(']'))
        {
            throw new FormatException($"{type}: the runtime has no multi-dimensional arrays");
        }
        else if (type.StartsWith('!'))
        {
            encoder.GenericTypeParameter(int.Parse(type[1..], System.Globalization.CultureInfo.InvariantCulture));
        }
        else if (TypeNames.TryGetCode(type, out PrimitiveTypeCode code))
        {
            encoder.PrimitiveType(code);
        }
        else
        {
            encoder.Type(types.Handle(type), types.IsValueType(type));
        }
    }
}
