using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace NfDtls.Tests.Projects;

/// <summary>Every public member of what is published has a comment: the compiler says so, where nothing tells it not to.</summary>
[TestClass]
public sealed class CommentTests
{
    private static readonly string[] Libraries = Directory.EnumerateFiles(Place.In("nuget"), "NfDtls*.nuspec").Select(path => Path.GetFileNameWithoutExtension(path)).ToArray();

    [TestMethod]
    public void Every_library_of_a_package_has_its_comments_written_and_no_warning_about_them_left_out()
    {
        string[] files = ["Directory.Build.props", "nf-dtls/Directory.Build.props", "native-interop/Directory.Build.props"];
        string common = string.Concat(files.Where(file => File.Exists(Place.In(file))).Select(Pages.Read));
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", common);
        foreach (string name in Libraries.Where(name => Project(name) != null))
        {
            string project = Project(name)!;
            string text = common + File.ReadAllText(project);
            Assert.DoesNotContain("1591", text, project);
            Assert.DoesNotContain("<WarningLevel", text, project);
            Assert.DoesNotContain("<GenerateDocumentationFile>false", text, project);
            bool isInherited = project.Contains("/nf-dtls/", StringComparison.Ordinal) || project.Contains("/native-interop/", StringComparison.Ordinal);
            Assert.IsTrue(isInherited || File.ReadAllText(project).Contains("<GenerateDocumentationFile>true</GenerateDocumentationFile>", StringComparison.Ordinal), project);
        }
    }

    /// <summary>What is read here is what was built: each public member of the assemblies beside this one, by its name in the file of comments.</summary>
    [TestMethod]
    public void Every_public_type_and_member_that_was_built_has_a_comment()
    {
        List<string> bare = [];
        int types = 0;
        foreach (string name in Libraries)
        {
            string assembly = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            string comments = Path.ChangeExtension(assembly, ".xml");
            if (!File.Exists(assembly))
            {
                continue;
            }

            Assert.IsTrue(File.Exists(comments), comments);
            HashSet<string> told = [.. XElement.Load(comments).Descendants("member").Where(member => !member.IsEmpty).Select(member => (string)member.Attribute("name")!)];
            foreach (Type type in Assembly.LoadFrom(assembly).GetExportedTypes().Where(type => type.Namespace!.StartsWith("NfDtls", StringComparison.Ordinal)))
            {
                types++;
                string id = type.FullName!.Replace('+', '.');
                if (!told.Contains("T:" + id))
                {
                    bare.Add(id);
                }

                IEnumerable<string> members = type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    .Where(member => member is FieldInfo { IsSpecialName: false } or PropertyInfo or EventInfo).Select(member => Letter(member) + ":" + id + "." + member.Name);
                bare.AddRange(members.Where(member => !type.IsSubclassOf(typeof(Delegate)) && !told.Any(one => one == member || one.StartsWith(member + "(", StringComparison.Ordinal))));
            }
        }

        Assert.IsGreaterThan(150, types);
        Assert.IsEmpty(bare, string.Join('\n', bare));
    }

    private static string? Project(string name)
    {
        return new[] { "nf-dtls/", "native-interop/", "targets/host/" }.Select(folder => Place.In(folder + name + "/" + name + ".csproj")).FirstOrDefault(File.Exists);
    }

    private static string Letter(MemberInfo member)
    {
        return member is FieldInfo ? "F" : member is PropertyInfo ? "P" : "E";
    }
}
