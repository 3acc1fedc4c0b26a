using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;
using NfDtls.Nano.Link;
using NfDtls.Nano.Link.Names;
using NfDtls.Nano.Link.Sizes;

namespace NfDtls.Tests.Nano;

/// <summary>nf-link, over programs compiled for .NET, which can be run here.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LinkTests
{
    [ClassCleanup]
    public static void TakeAwayFolders()
    {
        LinkWorkshop.Clear();
    }

    [TestMethod]
    public void A_linked_program_says_and_returns_what_the_plain_one_does()
    {
        LinkWorkshop workshop = LinkWorkshop.Visitor();
        workshop.Link("Visitor");
        string said = workshop.Run("Visitor");
        Assert.EndsWith("returned 106", said);
        Assert.AreEqual(said, workshop.RunLinked("Visitor"));
    }

    [TestMethod]
    public void A_linked_program_is_one_assembly_and_refers_to_libraries_alone()
    {
        LinkWorkshop workshop = LinkWorkshop.Visitor();
        string path = workshop.Link("Visitor").Single();
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(path);
        Assert.DoesNotContain("Shop", assembly.MainModule.AssemblyReferences.Select(reference => reference.Name));
        Assert.AreEqual("Visitor", assembly.Name.Name);
        string[] references = File.ReadAllLines(Path.Combine(workshop.Output, "Visitor.references"));
        CollectionAssert.Contains(references.Select(Path.GetFileName).ToArray(), "System.Private.CoreLib.dll");
        CollectionAssert.DoesNotContain(references.Select(Path.GetFileName).ToArray(), "Shop.dll");
    }

    [TestMethod]
    public void What_the_program_cannot_reach_is_gone()
    {
        LinkWorkshop workshop = LinkWorkshop.Visitor();
        workshop.Link("Visitor", "--plain");
        string names = File.ReadAllText(Path.Combine(workshop.Output, "Visitor.names"));
        Assert.Contains("Shop.Rules::Switch", names);
        Assert.DoesNotContain("Unused", names);
        Assert.DoesNotContain("Spare", names);
        Assert.DoesNotContain("Elephant::.ctor", names, "no elephant is ever made");
        Assert.DoesNotContain("only an elephant", System.Text.Encoding.Unicode.GetString(File.ReadAllBytes(Path.Combine(workshop.Output, "Visitor.exe"))));
    }

    [TestMethod]
    public void Names_are_short_but_for_those_that_the_library_knows_and_exceptions_types()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(LinkWorkshop.Visitor().Link("Visitor").Single());
        List<TypeDefinition> types = [.. assembly.MainModule.Types.Where(type => type.Name != "<Module>")];
        string[] kept = [.. types.Where(type => type.Name.Length > 2).Select(type => type.FullName)];
        CollectionAssert.AreEqual(new[] { "Shop.ShopException" }, kept);
        string[] methods = [.. types.SelectMany(type => type.Methods).Select(method => method.Name).Where(name => name.Length > 2).Distinct().Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(new[] { ".cctor", ".ctor", "Invoke", "ToString" }, methods);
        Assert.IsFalse(types.SelectMany(type => type.Fields).Any(field => field.Name.Length > 2 && !field.IsRuntimeSpecialName));
        Assert.IsFalse(types.SelectMany(type => type.CustomAttributes).Any());
    }

    [TestMethod]
    public void Accessors_seams_with_one_end_and_what_only_objects_that_are_never_made_would_need_are_gone()
    {
        LinkWorkshop workshop = LinkWorkshop.Visitor();
        workshop.Link("Visitor", "--plain");
        string plain = File.ReadAllText(Path.Combine(workshop.Output, "Visitor.names"));
        workshop.Link("Visitor");
        string names = File.ReadAllText(Path.Combine(workshop.Output, "Visitor.names"));
        foreach (string name in new[] { "Shop.Thing::get_Price", "Shop.Till::get_Sum", "Shop.INamed::Title", "Shop.Elephant::Weight" })
        {
            Assert.Contains(name, plain, name);
            Assert.DoesNotContain(name, names, name);
        }
    }

    [TestMethod]
    public void What_stands_in_the_place_of_a_call_is_whole_though_the_called_method_was_rewritten_in_between()
    {
        // P, then what it calls, then Q, which calls the same: that is the order in which they are rewritten.
        LinkWorkshop workshop = new();
        workshop.Compile("Chain", """
            public sealed class Chain
            {
                private readonly byte[] _buffer = new byte[9];
                private static int N(int x) { return x * 2 + 1; }
                private static int M(int x) { return N(x); }
                private byte[] Buffer() { return _buffer; }
                private int Length() { return Buffer().Length; }
                private int Five() { return 5; }
                private int Number() { return Five(); }
                public int P(int x) { return M(x) + Length() * 100 + Number() * 10000 + Q(x + 1); }
                public int Q(int x) { return M(x) * 100000 + Length() * 1000000 + Number() * 100000000; }
                public static int Main() { return new Chain().P(System.Environment.NewLine.Length); }
            }
            """, isProgram: true);
        workshop.Link("Chain");
        Assert.EndsWith("returned " + (3 + 900 + 50000 + 500000 + 9000000 + 500000000), workshop.Run("Chain"));
        Assert.AreEqual(workshop.Run("Chain"), workshop.RunLinked("Chain"));
        Assert.DoesNotContain("Chain::M(", File.ReadAllText(Path.Combine(workshop.Output, "Chain.names")));
    }

    [TestMethod]
    public void Enums_are_numbers_but_where_they_alone_tell_constructors_apart()
    {
        LinkWorkshop workshop = LinkWorkshop.Visitor();
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(workshop.Link("Visitor").Single());
        Assert.AreEqual(2, assembly.MainModule.Types.Count(type => type.IsEnum), "Mood and Size");
        workshop = new LinkWorkshop();
        workshop.Compile("Shop", LinkWorkshop.Source("Library"));
        workshop.Compile("Few", "public static class Program { public static int Main() { int after = 0; return Shop.Rules.Guarded(3, ref after); } }", isProgram: true);
        using AssemblyDefinition few = AssemblyDefinition.ReadAssembly(workshop.Link("Few").Single());
        Assert.IsFalse(few.MainModule.Types.Any(type => type.IsEnum));
        Assert.EndsWith("returned 7", workshop.RunLinked("Few"));
    }

    [TestMethod]
    public void The_stack_that_the_metadata_processor_counts_is_enough_for_every_body()
    {
        using AssemblyDefinition plain = AssemblyDefinition.ReadAssembly(LinkWorkshop.Visitor().Compile("Caught", """
            public static class Caught { public static int Run(string text) { try { return int.Parse(text); } catch (System.Exception e) { System.Console.WriteLine(string.Concat(e.Message, text)); return 1; } } }
            """));
        MethodDefinition caught = plain.MainModule.GetType("Caught").Methods.Single(method => method.Name == "Run");
        Assert.AreEqual((2, 1), (StackSize.Needed(caught.Body), StackSize.Counted(caught.Body)), "What a handler begins with is not counted.");
        Assert.IsGreaterThan(0, StackSize.Secure(caught.Body));
        Assert.IsGreaterThanOrEqualTo(2, StackSize.Counted(caught.Body));

        using AssemblyDefinition linked = AssemblyDefinition.ReadAssembly(LinkWorkshop.Visitor().Link("Visitor").Single());
        MethodDefinition[] bodies = [.. linked.MainModule.Types.SelectMany(type => type.Methods).Where(method => method.HasBody)];
        Assert.IsFalse(bodies.Any(method => StackSize.Needed(method.Body) > StackSize.Counted(method.Body)));
    }

    [TestMethod]
    public void A_new_object_takes_a_place_of_the_stack_beside_its_constructors_arguments()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(LinkWorkshop.Visitor().Compile("Made", """
            public static class Made
            {
                public static object Exception(string text) { return new System.ArgumentException(text, text); }
                public static long Day(int year) { return new System.DateTime(year, 1, 1).Ticks; }
            }
            """));
        MethodDefinition[] methods = [.. assembly.MainModule.GetType("Made").Methods];
        CollectionAssert.AreEqual(new[] { (2, 3), (3, 5) }, methods.Select(method => (StackSize.Needed(method.Body), StackSize.Places(method.Body))).ToArray());
        Assert.IsTrue(methods.All(method => StackSize.Places(method.Body) <= StackSize.Made(method.Body)));
    }

    [TestMethod]
    public void No_method_of_another_slot_has_a_virtual_methods_name()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(LinkWorkshop.Visitor().Link("Visitor").Single());
        MethodDefinition[] methods = [.. assembly.MainModule.Types.SelectMany(type => type.Methods).Where(method => !method.IsConstructor && !method.IsRuntime)];
        HashSet<string> virtuals = [.. methods.Where(method => method.IsVirtual).Select(method => method.Name)];
        Assert.IsNotEmpty(virtuals);
        Assert.IsFalse(methods.Any(method => !method.IsVirtual && virtuals.Contains(method.Name)));
    }

    [TestMethod]
    public void More_code_than_one_assembly_may_have_becomes_two_that_run_together()
    {
        LinkWorkshop workshop = LinkWorkshop.Visitor();
        List<string> paths = workshop.Link("Visitor", "--il-budget", "300");
        CollectionAssert.AreEqual(new[] { "Visitor.1.dll", "Visitor.exe" }, paths.Select(Path.GetFileName).ToArray());
        Assert.AreEqual(workshop.Run("Visitor"), workshop.RunLinked("Visitor"));
        Assert.EndsWith("Visitor.1.dll", File.ReadAllLines(Path.Combine(workshop.Output, "Visitor.references"))[^1]);
    }

    [TestMethod]
    public void An_assembly_with_extern_methods_stays_as_it_is()
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Chip", "namespace Chip { public static class Pins { [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.InternalCall)] public static extern int Read(int pin); } }");
        workshop.Compile("Blink", "public static class Program { public static int Main() { return System.Environment.TickCount == 7 ? Chip.Pins.Read(3) : 1; } }", isProgram: true);
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(workshop.Link("Blink").Single());
        Assert.Contains("Chip", assembly.MainModule.AssemblyReferences.Select(reference => reference.Name));
        Assert.Contains("System.Int32 Chip.Pins::Read(System.Int32)", assembly.MainModule.GetMemberReferences().Select(member => member.FullName));
    }

    [TestMethod]
    public void A_call_by_way_of_an_interface_finds_the_one_value_type_that_has_it()
    {
        AssertSame("Shapes", """
            public interface IShape { int Sides(); }
            public struct Polygon : IShape { private readonly int _sides; public Polygon(int sides) { _sides = sides; } public int Sides() { return _sides; } }
            public static class Program { private static IShape Make(int sides) { return new Polygon(sides); } public static int Main() { return Make(7).Sides(); } }
            """, "returned 7");
    }

    [TestMethod]
    public void A_virtual_method_that_a_delegate_is_made_of_stays_virtual_since_it_is_found_by_its_name()
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Calls", """
            public class Bell { public virtual int Ring() { return 3; } }
            public sealed class Door : Bell { private int Knock() { return 4; } public int Both() { return Knock() + Knock() * System.Environment.NewLine.Length; } }
            public delegate int Sound();
            public static class Program
            {
                private static Bell Make() { return new Door(); }
                public static int Main() { Sound sound = new Sound(Make().Ring); return sound() + ((Door)Make()).Both() * 10; }
            }
            """, isProgram: true);
        using (AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(workshop.Link("Calls").Single()))
        {
            Mono.Cecil.Cil.Instruction found = assembly.MainModule.Types.SelectMany(type => type.Methods).Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
                .Single(instruction => instruction.OpCode.Code == Mono.Cecil.Cil.Code.Ldvirtftn);
            Assert.IsTrue(((MethodReference)found.Operand).Resolve().IsVirtual);
        }

        Assert.AreEqual(workshop.Run("Calls"), workshop.RunLinked("Calls"));
    }

    [TestMethod]
    public void A_flag_that_other_threads_may_set_and_that_nobody_sets_is_read_as_it_is()
    {
        AssertSame("Flags", """
            public static class Program { private static volatile bool _stop; private static int Count() { int i = 0; while (!_stop && i < 9) { i++; } return i; } public static int Main() { return Count(); } }
            """, "returned 9");
    }

    [TestMethod]
    public void A_field_that_nobody_reads_still_holds_what_may_do_something_when_it_goes()
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Holder", """
            public sealed class Last { public static int Gone; ~Last() { Gone++; } }
            public sealed class Holder
            {
                private Last _last; private int _number; private byte[] _bytes; private string _text;
                public Holder(Last last, int number, byte[] bytes, string text) { _last = last; _number = number; _bytes = bytes; _text = text; }
            }
            public static class Program
            {
                private static readonly Holder Kept = new Holder(new Last(), 7, new byte[3], "x");
                public static int Main()
                {
                    for (int i = 0; i < 3; i++) { System.GC.Collect(); System.GC.WaitForPendingFinalizers(); }
                    return Last.Gone + (Kept == null ? 10 : 20);
                }
            }
            """, isProgram: true);
        using (AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(workshop.Link("Holder").Single()))
        {
            FieldDefinition[] held = [.. assembly.MainModule.Types.SelectMany(type => type.Fields).Where(field => !field.IsStatic)];
            Assert.HasCount(1, held, "numbers, texts and arrays of numbers are not held");
            Assert.IsFalse(held[0].FieldType.IsPrimitive || held[0].FieldType.IsArray);
        }

        Assert.EndsWith("returned 20", workshop.RunLinked("Holder"));
    }

    [TestMethod]
    public void An_accessor_with_an_idle_instruction_in_it_stands_in_the_place_of_its_calls_too()
    {
        LinkWorkshop workshop = new();
        string path = workshop.Compile("Idle", """
            public sealed class Cell { public int Value; public int Get() { return Value; } }
            public static class Program { private static Cell Make() { return System.Environment.TickCount == 7 ? null : new Cell { Value = 5 }; } public static int Main() { return Make().Get() + Make().Get(); } }
            """, isProgram: true);
        using (AssemblyDefinition plain = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { InMemory = true }))
        {
            Mono.Cecil.Cil.MethodBody body = plain.MainModule.GetType("Cell").Methods.Single(method => method.Name == "Get").Body;
            body.GetILProcessor().InsertAfter(body.Instructions[0], Mono.Cecil.Cil.Instruction.Create(Mono.Cecil.Cil.OpCodes.Nop));
            plain.Write(path);
        }

        workshop.Link("Idle");
        Assert.DoesNotContain("Cell::Get", File.ReadAllText(Path.Combine(workshop.Output, "Idle.names")));
        Assert.EndsWith("returned 10", workshop.RunLinked("Idle"));
    }

    [TestMethod]
    public void A_type_that_is_handed_on_is_refused_unless_it_is_kept_and_one_that_is_compared_is_not()
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Maker", """
            public sealed class Item { public int Price; public Item() { Price = 3; } }
            public static class Program { public static int Main() { Item item = (Item)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(Item)); return item.Price + 4; } }
            """, isProgram: true);
        Assert.Contains("Main() hands on typeof(Item)", Assert.ThrowsExactly<LinkException>(() => workshop.Link("Maker")).Message);
        workshop.Link("Maker", "--keep", "Maker");
        Assert.EndsWith("returned 4", workshop.RunLinked("Maker"));
        AssertSame("Asker", """
            public sealed class Item { }
            public static class Program { private static object Make() { return new Item(); } public static int Main() { return Make().GetType() == typeof(Item) && Make().GetType() != typeof(Program) ? 1 : 2; } }
            """.Replace("static class Program", "class Program"), "returned 1");
    }

    [TestMethod]
    public void An_assembly_with_resources_is_refused_since_they_would_be_gone()
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Pictures", "public static class Program { public static int Main() { return 1; } }", isProgram: true, resource: "Pictures.Logo");
        LinkException refused = Assert.ThrowsExactly<LinkException>(() => workshop.Link("Pictures"));
        Assert.Contains("Pictures has embedded resources (Pictures.Logo)", refused.Message);
    }

    [TestMethod]
    [DataRow("typeof(string).GetConstructors().Length", "GetConstructors")]
    [DataRow("typeof(string).GetConstructor(System.Type.EmptyTypes) == null ? 1 : 2", "GetConstructor(")]
    [DataRow("typeof(string).GetProperty(\"Length\") == null ? 1 : 2", "GetProperty(")]
    [DataRow("typeof(string).GetMembers().Length", "GetMembers")]
    public void What_finds_members_of_any_kind_is_refused(string found, string name)
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Seeker", $"public static class Program {{ public static int Main() {{ return {found}; }} }}", isProgram: true);
        Assert.Contains(name, Assert.ThrowsExactly<LinkException>(() => workshop.Link("Seeker")).Message);
    }

    [TestMethod]
    public void A_program_that_finds_members_by_name_is_refused_unless_its_names_are_kept()
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Finder", "namespace Find { public static class Program { public static int Main() { return System.Type.GetType(\"Find.Program\") == null ? 1 : 2; } } }", isProgram: true);
        LinkException refused = Assert.ThrowsExactly<LinkException>(() => workshop.Link("Finder"));
        Assert.Contains("Find.Program::Main() finds members by name", refused.Message);
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(workshop.Link("Finder", "--keep", "Finder").Single());
        Assert.IsNotNull(assembly.MainModule.GetType("Find.Program"));
    }

    [TestMethod]
    public void What_cannot_be_linked_is_told()
    {
        LinkWorkshop workshop = new();
        workshop.Compile("Lists", "public static class Program { public static void Main() { new System.Collections.Generic.List<int>().Add(1); } }", isProgram: true);
        Assert.Contains("generic", Assert.ThrowsExactly<LinkException>(() => workshop.Link("Lists")).Message);
        string library = workshop.Compile("Alone", "public static class Alone { }");
        File.Copy(library, Path.ChangeExtension(library, ".exe"));
        Assert.Contains("no entry point", Assert.ThrowsExactly<LinkException>(() => workshop.Link("Alone")).Message);
    }

    [TestMethod]
    public void A_stack_trace_gets_its_full_names_back()
    {
        LinkWorkshop workshop = LinkWorkshop.Visitor();
        workshop.Link("Visitor", "--plain");
        string map = Path.Combine(workshop.Output, "Visitor.names");
        string name = File.ReadLines(map).Single(line => line.Contains("Shop.Rules::Guarded", StringComparison.Ordinal)).Split(" = ")[0];
        NameMap names = NameMap.Load(map);
        Assert.AreEqual("    #### Shop.Rules::Guarded(Int32 number, Int32& after) [IP: 0004] ####", names.Explain($"    #### {name} [IP: 0004] ####"));
        Assert.AreEqual("nothing::known here", names.Explain("nothing::known here"));
    }

    [TestMethod]
    [DataRow(0, "a")]
    [DataRow(25, "z")]
    [DataRow(26, "aa")]
    [DataRow(27, "ba")]
    [DataRow(26 * 27, "aaa")]
    public void Short_names_count_on(int number, string name)
    {
        Assert.AreEqual(name, ShortNames.Name(number, "abcdefghijklmnopqrstuvwxyz"));
    }

    [TestMethod]
    public void Short_names_do_not_repeat()
    {
        Assert.HasCount(5000, Enumerable.Range(0, 5000).Select(number => ShortNames.Name(number, "abcdefghijklmnopqrstuvwxyz")).Distinct());
    }

    [TestMethod]
    public void The_bytes_of_a_packed_assembly_are_counted_by_table()
    {
        byte[] pe = new byte[400];
        "NFMRK1"u8.CopyTo(pe);
        int[] lengths = [12, 8, 0, 20, 24, 8, 16, 0, 0, 0, 0, 40, 30, 50, 0];
        int at = 124;
        for (int i = 0; i < 16; i++)
        {
            BitConverter.TryWriteBytes(pe.AsSpan(40 + 4 * i), at);
            at += i < lengths.Length ? lengths[i] : 0;
        }

        PeFile file = new("A", pe[..at]);
        Assert.AreEqual((40, 24, 8, 16, 40, 30, 50, 124), (file.References, file.Types, file.Fields, file.Methods, file.Strings, file.Signatures, file.Code, file.Rest));
        StringWriter table = new();
        PeFile.Print(table, [file, file]);
        Assert.Contains("| all | 664 | 100 | 80 | 32 | 60 | 48 | 16 | 80 | 248 |", table.ToString());
        Assert.ThrowsExactly<LinkException>(() => new PeFile("B", new byte[400]));
    }
    /// <summary>A program says and returns the same when it is linked.</summary>
    private static void AssertSame(string name, string source, string end)
    {
        LinkWorkshop workshop = new();
        workshop.Compile(name, source, isProgram: true);
        workshop.Link(name);
        string said = workshop.Run(name);
        Assert.EndsWith(end, said);
        Assert.AreEqual(said, workshop.RunLinked(name));
    }
}
