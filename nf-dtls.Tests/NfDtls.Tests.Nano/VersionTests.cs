using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Nano.Check;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Reference;
using NfDtls.Nano.Surface;

namespace NfDtls.Tests.Nano;

/// <summary>What nf-check has for the coming version 2 of the class libraries.</summary>
[TestClass]
public sealed class VersionTests
{
    private const string Stackallocs = """
        using System;
        public static class Snippet
        {
            private static void Use(Span<byte> block) { block.Clear(); }
            public static void Four() { Span<byte> a = stackalloc byte[4]; Span<byte> b = stackalloc byte[4]; Span<byte> c = stackalloc byte[4]; Span<byte> d = stackalloc byte[4]; Use(a); Use(b); Use(c); Use(d); }
            public static void Five() { Span<byte> a = stackalloc byte[4]; Span<byte> b = stackalloc byte[4]; Span<byte> c = stackalloc byte[4]; Span<byte> d = stackalloc byte[4]; Span<byte> e = stackalloc byte[4]; Use(a); Use(b); Use(c); Use(d); Use(e); }
            public static void Turns(int n) { while (n-- > 0) { Span<byte> a = stackalloc byte[4]; Use(a); } }
            public static void Before(int n) { Span<byte> a = stackalloc byte[4]; while (n-- > 0) { Use(a); } }
        }
        """;

    // Both in one go, since an assembly's name is also that of the file that it is compiled to.
    private static readonly Lazy<(string Fit, string Older)> Libraries = new(() => (MakeLibrary("fit"), MakeLibrary("older", "WITHOUT")));

    [TestMethod]
    public void What_version_1_breaks_on_and_version_2_runs_is_told_for_version_1_alone()
    {
        string library = Libraries.Value.Fit;
        string path = Compile("Good2", Source("good.cs"), library);
        Assert.IsEmpty(Check(library, CoreLibrary.Two, path));
        string[] found = [.. Check(library, CoreLibrary.One, path).Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(new[] { "NF101", "NF122", "NF202" }, found);
    }

    [TestMethod]
    public void More_stackallocs_than_a_frame_can_note_and_those_of_a_loop_are_errors_of_version_2()
    {
        string library = Libraries.Value.Fit;
        Finding[] findings = Check(library, CoreLibrary.Two, Compile("Stackallocs", Stackallocs, library));
        CollectionAssert.AreEqual(
            new[] { "NF205 Snippet.Five", "NF205 Snippet.Turns" },
            findings.Select(finding => finding.Code + " " + finding.Place.Member).ToArray());
    }

    [TestMethod]
    public void An_iterator_that_may_be_enumerated_by_several_threads_is_warned_of()
    {
        const string Source = """
            using System.Collections.Generic;
            public static class Snippet { public static IEnumerable<int> Three() { yield return 1; yield return 2; yield return 3; } }
            """;
        string library = Libraries.Value.Fit;
        Finding finding = Check(library, CoreLibrary.Two, Compile("Three", Source, library)).Single();
        Assert.AreEqual(("NF213", Severity.Warning), (finding.Code, finding.Severity));
    }

    [TestMethod]
    [DataRow("yield return Thread.CurrentThread.ManagedThreadId;")]
    [DataRow("try { yield return 1; } finally { Last = Thread.CurrentThread.ManagedThreadId; }")]
    public void An_iterator_s_author_may_ask_for_a_thread_s_number_no_more_than_another(string body)
    {
        string source = "using System.Collections; using System.Collections.Generic; using System.Threading; public static class Snippet { public static int Last; "
            + "public static RESULT Numbers() { " + body + " } }";
        string library = Libraries.Value.Fit;
        Finding finding = Check(library, CoreLibrary.Two, Compile("Numbers1", source.Replace("RESULT", "IEnumerator<int>"), library)).Single();
        Assert.AreEqual(("NF213", Severity.Error), (finding.Code, finding.Severity));
        Finding[] both = Check(library, CoreLibrary.Two, Compile("Numbers2", source.Replace("RESULT", "IEnumerable<int>"), library));
        CollectionAssert.AreEquivalent(new[] { Severity.Error, Severity.Warning }, both.Select(each => each.Severity).ToArray());
    }

    [TestMethod]
    public void A_member_of_a_generic_class_must_be_there_too()
    {
        string path = Compile("Good2Older", Source("good.cs"), Libraries.Value.Fit);
        Finding finding = Check(Libraries.Value.Older, CoreLibrary.Two, path).Single();
        Assert.AreEqual("NF003", finding.Code);
        Assert.Contains("Clear", finding.Message);
    }

    [TestMethod]
    public void The_libraries_must_be_those_of_the_version_that_is_asked_for()
    {
        SurfaceSet second = SurfaceSet.Load(Libraries.Value.Fit);
        CoreLibraries.Expect(CoreLibrary.Two, second);
        Assert.Contains("--core-library 2", Assert.ThrowsExactly<FormatException>(() => CoreLibraries.Expect(CoreLibrary.One, second)).Message);
        SurfaceSet first = SurfaceSet.Load(Workshop.Surface);
        CoreLibraries.Expect(CoreLibrary.One, first);
        Assert.Contains("--core-library 1", Assert.ThrowsExactly<FormatException>(() => CoreLibraries.Expect(CoreLibrary.Two, first)).Message);

        Assert.AreEqual(CoreLibrary.One, Options.Parse(["--surface", "s", "A.dll"]).CoreLibrary);
        Assert.AreEqual(CoreLibrary.Two, Options.Parse(["--core-library", "2", "--surface", "s", "A.dll"]).CoreLibrary);
        Assert.ThrowsExactly<FormatException>(() => Options.Parse(["--core-library", "3", "--surface", "s", "A.dll"]));
    }

    [TestMethod]
    public void What_surface_files_cannot_say_is_neither_written_nor_made_a_reference_of()
    {
        SurfaceSet surfaces = SurfaceSet.Load(Libraries.Value.Fit);
        AssemblySurface library = surfaces.Assemblies.Single();
        Assert.ThrowsExactly<FormatException>(() => SurfaceWriter.Write(library));
        Assert.ThrowsExactly<FormatException>(() => new ReferenceAssemblyBuilder(library, surfaces));
    }

    private static Finding[] Check(string surface, CoreLibrary version, string path)
    {
        return Workshop.Check(surface, NfDtls.Nano.Check.Rules.SizeRules.DefaultCodeBudget, version, (path, false));
    }

    private static string Compile(string name, string source, string library)
    {
        return Workshop.Compile(name, source, [Path.Combine(library, "mscorlib.dll")]);
    }

    /// <summary>A folder with a class library of version 2.</summary>
    private static string MakeLibrary(string name, params IEnumerable<string> symbols)
    {
        string folder = Workshop.NewFolder("library-2-" + name);
        File.Move(Workshop.Compile("mscorlib", Source("mscorlib.cs"), [], symbols), Path.Combine(folder, "mscorlib.dll"));
        return folder;
    }

    private static string Source(string name)
    {
        return File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Version2", name));
    }
}
