using System.Reflection;

namespace NfDtls.Nano.Surface;

/// <summary>Who sees a type or member; null where only its own assembly does.</summary>
internal static class Visibility
{
    public static Access AccessOf(TypeAttributes attributes) => (attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.NestedFamily => Access.Protected,
        TypeAttributes.NestedFamORAssem => Access.ProtectedInternal,
        _ => Access.Public,
    };

    public static Access? AccessOf(FieldAttributes attributes) => (attributes & FieldAttributes.FieldAccessMask) switch
    {
        FieldAttributes.Public => Access.Public,
        FieldAttributes.Family => Access.Protected,
        FieldAttributes.FamORAssem => Access.ProtectedInternal,
        _ => null,
    };

    public static Access? AccessOf(MethodAttributes attributes) => (attributes & MethodAttributes.MemberAccessMask) switch
    {
        MethodAttributes.Public => Access.Public,
        MethodAttributes.Family => Access.Protected,
        MethodAttributes.FamORAssem => Access.ProtectedInternal,
        _ => null,
    };
}
