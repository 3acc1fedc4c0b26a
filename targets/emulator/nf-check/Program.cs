using NfDtls.Nano.Check;
using NfDtls.Nano.Check.Model;
using NfDtls.Nano.Check.Report;
using NfDtls.Nano.Check.Rules;
using NfDtls.Nano.Check.Sizes;
using NfDtls.Nano.Surface;

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"nf-check: {e.Message}\n\n{Options.Usage}");
    return 2;
}

var assemblies = new List<CheckedAssembly>();
try
{
    var surfaces = SurfaceSet.Load(options.SurfaceDirectory);
    CoreLibraries.Expect(options.CoreLibrary, surfaces);
    var allowed = AllowList.Load(options.AllowFile);
    foreach ((string? path, bool isNative) in options.Assemblies)
    {
        assemblies.Add(CheckedAssembly.Open(path, isNative));
    }

    var findings = new Findings();
    RuleSet.Run(assemblies, new KnownTypes(surfaces, assemblies), options.CodeBudget, findings, ProbeList.Load(options.ProbedFile), options.CoreLibrary);
    return Report(findings.All.Where(f => !allowed.Accepts(f)).ToList(), allowed);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or BadImageFormatException)
{
    Console.Error.WriteLine("nf-check: " + e.Message);
    return 2;
}
finally
{
    foreach (CheckedAssembly assembly in assemblies)
    {
        assembly.Dispose();
    }
}

int Report(List<Finding> remaining, AllowList allowed)
{
    foreach (Finding? finding in remaining.OrderByDescending(f => f.Severity))
    {
        Console.WriteLine(finding);
    }

    var unused = allowed.Unused.ToList();
    unused.ForEach(Console.WriteLine);

    var sizes = assemblies.Select(AssemblySizes.Of).ToList();
    SizeTable.Print(Console.Out, sizes);
    if (options.JsonFile is not null)
    {
        SizeTable.WriteJson(options.JsonFile, sizes);
    }

    int errors = remaining.Count(f => f.Severity == Severity.Error);
    int warnings = remaining.Count(f => f.Severity == Severity.Warning) + unused.Count;
    Console.WriteLine($"{errors} errors, {warnings} warnings");
    return errors > 0 || (options.WarningsAreErrors && warnings > 0) ? 1 : 0;
}
