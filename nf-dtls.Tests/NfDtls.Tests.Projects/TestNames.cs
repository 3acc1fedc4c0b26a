using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NfDtls.Tests.Projects;

/// <summary>The classes of tests in a folder and their methods, read in their sources; what is switched off is no test.</summary>
internal sealed class TestNames
{
    private readonly HashSet<string> _names = [];

    internal TestNames(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(path => !IsMade(Path.GetRelativePath(folder, path))))
        {
            SyntaxNode root = CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot();
            foreach (ClassDeclarationSyntax type in root.DescendantNodes().OfType<ClassDeclarationSyntax>())
            {
                Add(type);
            }
        }
    }

    /// <summary>Whether there is a class, or with a dot a method of it.</summary>
    internal bool Has(string name)
    {
        return _names.Contains(name);
    }

    private void Add(ClassDeclarationSyntax type)
    {
        foreach (MethodDeclarationSyntax method in type.Members.OfType<MethodDeclarationSyntax>())
        {
            string[] attributes = method.AttributeLists.SelectMany(list => list.Attributes).Select(attribute => attribute.Name.ToString()).ToArray();
            if (attributes.Contains("TestMethod") && !attributes.Contains("Ignore"))
            {
                _names.Add(type.Identifier.Text);
                _names.Add(type.Identifier.Text + "." + method.Identifier.Text);
            }
        }
    }

    private static bool IsMade(string path)
    {
        return path.Split(Path.DirectorySeparatorChar).Any(name => name is "bin" or "obj");
    }
}
