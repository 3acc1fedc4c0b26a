using System;
using System.CodeDom.Compiler;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NfDtls.Tests.Projects.Nullability;

/// <summary>What an application may name of the assemblies for .NET, as the compiler reads it from them.</summary>
internal static class PublicSurface
{
    // The externs of a board and the provider over them: HostNative has that provider, of the same sources.
    private static readonly string[] OfBoards = ["NfDtls.Crypto.Native", "NfDtls.Native"];

    private static readonly Dictionary<string, XElement> Texts = Names.SelectMany(Documented).DistinctBy(member => (string)member.Attribute("name")!)
        .ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>The assemblies that are packages for .NET.</summary>
    internal static string[] Names => Directory.EnumerateFiles(Place.In("nuget"), "*.nuspec")
        .Where(nuspec => File.ReadAllText(nuspec).Contains("targetFramework=\"net10.0\"", StringComparison.Ordinal))
        .Select(nuspec => Path.GetFileNameWithoutExtension(nuspec)).Except(OfBoards).ToArray();

    /// <summary>Every member that is public or protected, and of delegates what they are called with.</summary>
    internal static ISymbol[] Members { get; } = Read();

    /// <summary>What is written about a member.</summary>
    internal static XElement? TextOf(ISymbol member)
    {
        ISymbol described = member is IMethodSymbol { MethodKind: MethodKind.DelegateInvoke } ? member.ContainingType : member;
        return Texts.GetValueOrDefault(described.GetDocumentationCommentId()!);
    }

    /// <summary>The types in a member's signature, each with whose it is: a parameter's, or none.</summary>
    internal static IEnumerable<(string? Parameter, ITypeSymbol Type)> TypesOf(ISymbol member)
    {
        return member switch
        {
            IMethodSymbol method => method.Parameters.Select(Of).Append((null, method.ReturnType)),
            IPropertySymbol property => property.Parameters.Select(Of).Append((null, property.Type)),
            IFieldSymbol field => [(null, field.Type)],
            IEventSymbol happening => [(null, happening.Type)],
            _ => [],
        };
    }

    private static (string? Parameter, ITypeSymbol Type) Of(IParameterSymbol parameter)
    {
        return (parameter.Name, parameter.Type);
    }

    private static ISymbol[] Read()
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        MetadataReference[] references = platform.Select(path => MetadataReference.CreateFromFile(path)).ToArray<MetadataReference>();
        CSharpCompilation compilation = CSharpCompilation.Create("Reader", references: references);
        return references.Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>()
            .Where(assembly => Names.Contains(assembly.Name))
            .SelectMany(assembly => TypesIn(assembly.GlobalNamespace)).SelectMany(MembersOf).ToArray();
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol place)
    {
        IEnumerable<INamedTypeSymbol> types = place.GetTypeMembers().Where(type => IsVisible(type) && !IsGenerated(type));
        IEnumerable<INamedTypeSymbol> inner = place is INamespaceSymbol space ? space.GetNamespaceMembers().SelectMany(TypesIn) : [];
        return types.Concat(types.SelectMany(TypesIn)).Concat(inner);
    }

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Delegate)
        {
            return [type.DelegateInvokeMethod!];
        }

        return type.GetMembers().Where(member => IsVisible(member) && !member.IsImplicitlyDeclared && member is not INamedTypeSymbol
            && member is not IMethodSymbol { AssociatedSymbol: not null } && member is not IFieldSymbol { HasConstantValue: true });
    }

    private static bool IsVisible(ISymbol symbol)
    {
        return symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
    }

    /// <summary>Whether a generator wrote it, for itself.</summary>
    private static bool IsGenerated(INamedTypeSymbol type)
    {
        return type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(GeneratedCodeAttribute));
    }

    private static IEnumerable<XElement> Documented(string assembly)
    {
        return XElement.Load(Path.Combine(AppContext.BaseDirectory, assembly + ".xml")).Descendants("member");
    }
}
