using System.Reflection;
using System.Reflection.Metadata;

namespace NfDtls.Nano.Check.Sizes;

/// <summary>The data that the image holds for a field: the compiler's way to store array initialisers.</summary>
internal static class InitialData
{
    /// <summary>Its size in bytes; 0 for a field without data.</summary>
    public static int SizeOf(MetadataReader reader, FieldDefinition field)
    {
        if (!field.Attributes.HasFlag(FieldAttributes.HasFieldRVA))
        {
            return 0;
        }

        BlobReader signature = reader.GetBlobReader(field.Signature);
        signature.ReadSignatureHeader();
        SignatureTypeCode code = signature.ReadSignatureTypeCode();
        if (code != SignatureTypeCode.TypeHandle)
        {
            return ElementSize(code);
        }

        EntityHandle type = signature.ReadTypeHandle();
        return type.Kind == HandleKind.TypeDefinition ? reader.GetTypeDefinition((TypeDefinitionHandle)type).GetLayout().Size : 0;
    }

    private static int ElementSize(SignatureTypeCode code) => code switch
    {
        SignatureTypeCode.Boolean or SignatureTypeCode.SByte or SignatureTypeCode.Byte => 1,
        SignatureTypeCode.Char or SignatureTypeCode.Int16 or SignatureTypeCode.UInt16 => 2,
        SignatureTypeCode.Int32 or SignatureTypeCode.UInt32 or SignatureTypeCode.Single => 4,
        SignatureTypeCode.Int64 or SignatureTypeCode.UInt64 or SignatureTypeCode.Double => 8,
        _ => 0,
    };
}
