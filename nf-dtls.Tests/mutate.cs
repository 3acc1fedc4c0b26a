using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

// Asks tests about the changes that Stryker.NET has put into an assembly (mutate.sh), all in one process: a test host of its own for
// each change costs ten times what its tests take. Each change is asked of the tests that come by it, the cheapest and those that
// have noticed most first, until one fails. What is found is written down at once; where a test does not come to its end, not even once
// the change is taken out, the process ends, and begins anew behind that change.
//
//   asker FOLDER FILES TEST-ASSEMBLY...      FOLDER has the report of Stryker; FILES are separated by spaces, * stands for anything in a name

internal static class Asker
{
    private const int Again = 3;

    // A first look, on a busy machine: tests that cost more milliseconds are not asked, and what the others do not notice is left open.
    private static readonly double Most = double.Parse(Environment.GetEnvironmentVariable("MUTATE_MOST") ?? "1e9");

    // Of the processor's time, as the machine may be busy: a test that takes so much longer than it did does not end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static int Main(string[] arguments)
    {
        string folder = arguments[0];
        Changes changes = new(Path.Combine(folder, "report.json"), arguments[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Findings findings = new(Path.Combine(folder, "findings.txt"));
        if (Environment.GetEnvironmentVariable("MUTATE_FIGURES") != null)
        {
            changes.Print(findings);
            return 0;
        }

        Mutants mutants = new(arguments.Skip(2).ToArray());
        Coverage coverage = Coverage.Take(Path.Combine(folder, "coverage.txt"), mutants);
        foreach (Change change in changes.All.Where(change => findings.StatusOf(change.Id) is "" || (findings.StatusOf(change.Id) == "Open" && Most >= 1e9)))
        {
            // A change that ended the process has been noticed: it stands there already when the process begins anew.
            findings.Begin(change.Id);
            List<Test> tests = coverage.TestsOf(change.Id);
            if (tests.Count == 0)
            {
                findings.Add(change.Id, "NoCoverage", "");
                continue;
            }

            if (coverage.IsStatic(change.Id) && !findings.IsFresh)
            {
                return Again;
            }

            mutants.Active = change.Id;
            Test noticed = null;
            bool isOver = true;
            foreach (Test test in tests.Where(test => test.Cost.TotalMilliseconds <= Most).OrderBy(test => test.Cost.TotalMilliseconds / (1 + test.Noticed)))
            {
                isOver = mutants.Run(test, Patience + (10 * test.Cost), out Exception failure);
                if (!isOver || failure != null)
                {
                    noticed = test;
                    break;
                }
            }

            findings.Add(change.Id, noticed == null ? Most < 1e9 ? "Open" : "Survived" : isOver ? "Killed" : "Timeout", noticed?.Name ?? "");
            if (mutants.IsStuck || coverage.IsStatic(change.Id))
            {
                return Again;
            }

            mutants.Active = -1;
            if (noticed != null)
            {
                noticed.Noticed++;
                if (!mutants.Run(noticed, Patience + (10 * noticed.Cost), out Exception left) || left != null)
                {
                    // The change has left something behind.
                    return Again;
                }
            }
        }

        findings.Close();
        return 0;
    }
}

internal sealed record Change(int Id, string File, int Line, int Column, string Kind, string Before, string After);

/// <summary>The changes that Stryker has made, of the files that are asked for.</summary>
internal sealed class Changes
{
    internal Changes(string report, string[] patterns)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(report));
        foreach (JsonProperty file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            string name = file.Name.Replace('\\', '/');
            if (!patterns.Any(pattern => System.Text.RegularExpressions.Regex.IsMatch(name, "(^|/)" + System.Text.RegularExpressions.Regex.Escape(pattern).Replace("\\*", "[^/]*") + "$")))
            {
                continue;
            }

            string[] lines = file.Value.GetProperty("source").GetString().Replace("\r", "").Split('\n');
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                string status = mutant.GetProperty("status").GetString();
                if (status is "Ignored" or "CompileError")
                {
                    continue;
                }

                JsonElement start = mutant.GetProperty("location").GetProperty("start");
                JsonElement end = mutant.GetProperty("location").GetProperty("end");
                (int line, int column) = (start.GetProperty("line").GetInt32(), start.GetProperty("column").GetInt32());
                All.Add(new Change(
                    int.Parse(mutant.GetProperty("id").GetString()),
                    Path.GetFileName(name),
                    line,
                    column,
                    mutant.GetProperty("mutatorName").GetString(),
                    Cut(lines, line, column, end.GetProperty("line").GetInt32(), end.GetProperty("column").GetInt32()),
                    OneLine(mutant.GetProperty("replacement").GetString())));
            }
        }
    }

    internal List<Change> All { get; } = new();

    /// <summary>What no test noticed, a line each, and in the last line how many there are of each kind.</summary>
    internal void Print(Findings findings)
    {
        foreach (Change change in All.Where(change => findings.StatusOf(change.Id) is "Survived" or "NoCoverage" or "Open"))
        {
            Console.WriteLine($"{change.File}:{change.Line}:{change.Column} {findings.StatusOf(change.Id)} {change.Kind}: {change.Before} -> {change.After}");
        }

        int asked = All.Count(change => findings.Has(change.Id));
        int left = All.Count(change => findings.StatusOf(change.Id) is "Survived" or "NoCoverage" or "Open");
        Console.WriteLine($"{asked - left} of {asked} noticed, {(asked == 0 ? 0 : 1000 * (asked - left) / asked / 10.0)} %");
    }

    private static string Cut(string[] lines, int line, int column, int endLine, int endColumn)
    {
        return line == endLine
            ? lines[line - 1].Substring(column - 1, endColumn - column)
            : OneLine(lines[line - 1].Substring(column - 1) + " " + string.Join(" ", lines.Skip(line).Take(endLine - line - 1)) + " " + lines[endLine - 1].Substring(0, endColumn - 1));
    }

    private static string OneLine(string text)
    {
        return System.Text.RegularExpressions.Regex.Replace(text, "\\s+", " ");
    }
}

/// <summary>What was found so far, in a file that a process which begins anew goes on with.</summary>
internal sealed class Findings
{
    private readonly Dictionary<int, string> _all = new();
    private readonly string _path;
    private readonly string _begun;
    private int _added;

    internal Findings(string path)
    {
        _path = path;
        _begun = path + ".begun";
        if (File.Exists(path))
        {
            foreach (string[] parts in File.ReadAllLines(path).Select(line => line.Split('\t')))
            {
                _all[int.Parse(parts[0])] = parts[1];
            }
        }

        if (File.Exists(_begun) && int.Parse(File.ReadAllText(_begun)) is int begun && !Has(begun) && Environment.GetEnvironmentVariable("MUTATE_CRASHED") != null)
        {
            Add(begun, "Killed", "(the process ended)");
            _added = 0;
        }
    }

    /// <summary>Whether this process has asked about no change yet.</summary>
    internal bool IsFresh
    {
        get { return _added == 0; }
    }

    internal bool Has(int change)
    {
        return _all.ContainsKey(change);
    }

    internal string StatusOf(int change)
    {
        return _all.GetValueOrDefault(change, "");
    }

    internal void Begin(int change)
    {
        File.WriteAllText(_begun, change.ToString());
    }

    internal void Add(int change, string status, string test)
    {
        _added += status == "NoCoverage" ? 0 : 1;
        _all[change] = status;
        File.AppendAllText(_path, change + "\t" + status + "\t" + test + "\n");
    }

    internal void Close()
    {
        File.Delete(_begun);
    }
}

internal sealed class Test
{
    internal string Name;
    internal Func<object> Run;
    internal TimeSpan Cost;
    internal int Noticed;
}

/// <summary>The changed assembly, and the tests in those that use it.</summary>
internal sealed class Mutants
{
    private readonly List<FieldInfo> _active = new();
    private readonly HashSet<string> _names = new();
    private readonly List<Type> _controls = new();

    internal Mutants(string[] assemblies)
    {
        string[] folders = assemblies.Select(Path.GetDirectoryName).ToArray();
        AssemblyLoadContext.Default.Resolving += (context, name) => folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).Where(File.Exists).Select(context.LoadFromAssemblyPath).FirstOrDefault();
        foreach (string path in assemblies)
        {
            Find(AssemblyLoadContext.Default.LoadFromAssemblyPath(path));
            foreach (string library in Directory.GetFiles(Path.GetDirectoryName(path), "NfDtls*.dll"))
            {
                Type control = AssemblyLoadContext.Default.LoadFromAssemblyName(AssemblyName.GetAssemblyName(library)).GetTypes().FirstOrDefault(type => type.Name == "MutantControl");
                if (control != null && !_controls.Contains(control))
                {
                    _controls.Add(control);
                    _active.Add(control.GetField("ActiveMutant", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic));
                }
            }
        }

        if (_controls.Count != 1)
        {
            throw new InvalidOperationException("One assembly should have been changed, not " + _controls.Count + ".");
        }

        Active = -1;
    }

    internal List<Test> Tests { get; } = new();

    /// <summary>Whether a test that did not come to its end still runs.</summary>
    internal bool IsStuck { get; private set; }

    internal int Active
    {
        set { _active[0].SetValue(null, value); }
    }

    internal bool CapturesCoverage
    {
        set { _controls[0].GetField("CaptureCoverage", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).SetValue(null, value); }
    }

    internal void ResetCoverage()
    {
        _controls[0].GetMethod("ResetCoverage", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Invoke(null, null);
    }

    /// <summary>The changes that were come by, and those of them that were in something that happens once in a process.</summary>
    internal IList<int>[] Covered()
    {
        return (IList<int>[])_controls[0].GetMethod("GetCoverageData", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Invoke(null, null);
    }

    /// <summary>Runs a test; false where it does not end.</summary>
    /// <param name="soon">What is done when it has taken a second.</param>
    internal bool Run(Test test, TimeSpan most, out Exception failure, Action soon = null)
    {
        Exception thrown = null;
        Thread thread = new(() => thrown = Call(test), 16 * 1024 * 1024) { IsBackground = true };
        TimeSpan begin = Used;
        thread.Start();
        while (!thread.Join(200))
        {
            if (soon != null && Used - begin > TimeSpan.FromSeconds(1))
            {
                soon();
                soon = null;
            }

            if (Used - begin > most)
            {
                // Most come to their end once nothing is changed any more, and a process that begins anew costs more than these few seconds.
                Active = -1;
                IsStuck = !thread.Join(TimeSpan.FromSeconds(30));
                failure = null;
                return false;
            }
        }

        failure = thrown;
        return true;
    }

    internal static TimeSpan Used
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }

    private static Exception Call(Test test)
    {
        try
        {
            (test.Run() as Task)?.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e)
        {
            return e is TargetInvocationException ? e.InnerException : e;
        }
    }

    private static bool Has(MemberInfo member, string attribute)
    {
        return member.GetCustomAttributes(true).Any(a => a.GetType().Name == attribute);
    }

    private void Find(Assembly assembly)
    {
        foreach (Type type in assembly.GetTypes().Where(type => Has(type, "TestClassAttribute") && !type.IsAbstract))
        {
            MethodInfo[] methods = type.GetMethods();
            MethodInfo[] before = methods.Where(method => Has(method, "TestInitializeAttribute")).ToArray();
            MethodInfo[] after = methods.Where(method => Has(method, "TestCleanupAttribute")).ToArray();
            foreach (MethodInfo method in methods.Where(method => Has(method, "TestMethodAttribute")))
            {
                // What a whole process allocates, or allocates once, differs here from a test host.
                if ((type.Name + method.Name).Contains("llocat"))
                {
                    continue;
                }

                Attribute[] sources = method.GetCustomAttributes().Where(a => a.GetType().GetInterface("ITestDataSource") != null).ToArray();
                IEnumerable<object[]> rows = sources.Length == 0
                    ? new[] { new object[0] }
                    : sources.SelectMany(source => (IEnumerable<object[]>)source.GetType().GetInterface("ITestDataSource").GetMethod("GetData").Invoke(source, new object[] { method }));
                int number = 0;
                foreach (object[] row in rows)
                {
                    string name = type.Name + "." + method.Name + (sources.Length == 0 ? "" : "#" + number++);
                    Tests.Add(new Test { Name = _names.Add(name) ? name : assembly.GetName().Name + ":" + name, Run = () => Call(type, before, method, after, row) });
                }
            }
        }
    }

    private static object Call(Type type, MethodInfo[] before, MethodInfo method, MethodInfo[] after, object[] row)
    {
        // Where a test looks for its files.
        AppDomain.CurrentDomain.SetData("APP_CONTEXT_BASE_DIRECTORY", Path.GetDirectoryName(type.Assembly.Location) + Path.DirectorySeparatorChar);
        object instance = Activator.CreateInstance(type);
        try
        {
            foreach (MethodInfo first in before)
            {
                (first.Invoke(instance, null) as Task)?.GetAwaiter().GetResult();
            }

            (method.Invoke(instance, row) as Task)?.GetAwaiter().GetResult();
        }
        finally
        {
            foreach (MethodInfo last in after)
            {
                (last.Invoke(instance, null) as Task)?.GetAwaiter().GetResult();
            }

            (instance as IDisposable)?.Dispose();
        }

        return null;
    }
}

/// <summary>Which tests come by which change, and what they cost.</summary>
internal sealed class Coverage
{
    private readonly Dictionary<int, List<Test>> _tests = new();
    private readonly HashSet<int> _static = new();
    private readonly List<Test> _long = new();
    private readonly List<Test> _all = new();

    private Coverage(string[] lines, Mutants mutants)
    {
        Dictionary<string, Test> byName = mutants.Tests.ToDictionary(test => test.Name);
        foreach (string[] parts in lines.Select(line => line.Split('\t')))
        {
            if (parts[1] == "-" || !byName.TryGetValue(parts[0], out Test test))
            {
                continue;
            }

            test.Cost = TimeSpan.FromMilliseconds(int.Parse(parts[1]));
            _all.Add(test);
            _static.UnionWith(Numbers(parts[3]));
            if (parts[2] == "*")
            {
                _long.Add(test);
                continue;
            }

            foreach (int change in Numbers(parts[2]))
            {
                if (!_tests.TryGetValue(change, out List<Test> tests))
                {
                    _tests[change] = tests = new List<Test>();
                }

                tests.Add(test);
            }
        }
    }

    internal static Coverage Take(string path, Mutants mutants)
    {
        // Of tests that were added since, only these are measured.
        string[] known = File.Exists(path) ? File.ReadAllLines(path) : new string[0];
        HashSet<string> names = known.Select(line => line.Split('\t')[0]).ToHashSet();
        Test[] added = mutants.Tests.Where(test => !names.Contains(test.Name)).ToArray();
        string[] all = known.Concat(Measure(added, mutants)).ToArray();
        File.WriteAllLines(path, all);
        return new Coverage(all, mutants);
    }

    internal bool IsStatic(int change)
    {
        return _static.Contains(change);
    }

    internal List<Test> TestsOf(int change)
    {
        return IsStatic(change) ? _all : _tests.GetValueOrDefault(change, new List<Test>()).Concat(_long).ToList();
    }

    private static List<string> Measure(Test[] tests, Mutants mutants)
    {
        List<string> lines = new();
        foreach (Test test in tests)
        {
            // Watching makes a test many times slower: one that takes long is taken to come by everything.
            bool isLong = false;
            mutants.CapturesCoverage = true;
            mutants.ResetCoverage();
            void StopWatching()
            {
                isLong = true;
                mutants.CapturesCoverage = false;
            }

            if (!mutants.Run(test, TimeSpan.FromMinutes(5), out Exception failure, StopWatching) || failure != null)
            {
                // Of those that need what a test host gives them, a context say.
                Console.WriteLine("Not asked, as it fails without a change: " + test.Name + ": " + failure?.Message);
                lines.Add(test.Name + "\t-");
                continue;
            }

            IList<int>[] covered = mutants.Covered();
            mutants.CapturesCoverage = false;

            // Once more, as what it costs when it is warm is what counts.
            TimeSpan begin = Mutants.Used;
            mutants.Run(test, TimeSpan.FromMinutes(5), out _);
            lines.Add(test.Name + "\t" + (int)(Mutants.Used - begin).TotalMilliseconds + "\t" + (isLong ? "*" : string.Join(",", covered[0])) + "\t" + string.Join(",", covered[1]));
        }

        return lines;
    }

    private static IEnumerable<int> Numbers(string list)
    {
        return list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
    }
}
