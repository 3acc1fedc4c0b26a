using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using NfDtls.Nano.Link.Names;

namespace NfDtls.Ops;

/// <summary>Counts the operations of every piece of work. Everything in it is seeded: the counts are the same each time.</summary>
public static class OperationCount
{
    // Programs with one version, as a board has them. What stands in for the firmware's cryptography on .NET is not a board's to link.
    private static readonly string[] Programs = [nameof(AllWork.Primitives), nameof(AllWork.Software12), nameof(AllWork.Software13)];

    /// <summary>Does the work with the assemblies as they were compiled, and returns the bills.</summary>
    public static IReadOnlyList<Bill> Take()
    {
        return Take(Board.Compile(nameof(AllWork.Run)), null);
    }

    /// <summary>
    /// Does the work with the managed provider, but for resumption, with programs as nf-link makes them, one for each version; client and
    /// server in one.
    /// </summary>
    /// <param name="compiled">The same with the assemblies as they were compiled.</param>
    public static IReadOnlyList<Bill> TakeLinked(IReadOnlyList<Bill> compiled)
    {
        return [.. Programs.SelectMany(program =>
        {
            (byte[] image, NameMap names) = Board.Link(program);
            return Take(image, names).Select(bill => bill.WithPlaced(compiled.Single(one => one.Work == bill.Work)));
        })];
    }

    private static List<Bill> Take(byte[] program, NameMap? names)
    {
        Array.Clear(Meter.Operations);
        Array.Clear(Meter.Calls);
        Array.Clear(Meter.Entries);
        MeteredContext context = new(new MethodNames(names));
        Tally tally = new();
        context.LoadProgram(program).EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [new SendOrPostCallback(tally.Mark)], null);
        context.Unload();
        return [.. tally.Counted.Select(one => new Bill(one.Key, MethodsOf(context, one.Value)))];
    }

    private static List<MethodBill> MethodsOf(MeteredContext context, long[][] counted)
    {
        return [.. Enumerable.Range(0, context.Methods.Count)
            .Where(i => counted[0][i] > 0)
            .Select(i => new MethodBill(context.Methods[i], counted[2][i], counted[0][i], counted[1][i]))
            .GroupBy(method => method.Name)
            .Select(group => new MethodBill(group.Key, group.Sum(one => one.Entries), group.Sum(one => one.Operations), group.Sum(one => one.Calls)))
            .OrderByDescending(method => method.Operations)
            .ThenBy(method => method.Name, StringComparer.Ordinal)];
    }
}
