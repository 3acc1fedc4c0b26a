using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace NfDtls.Ops;

/// <summary>Counts the operations of every piece of work. Everything in it is seeded: the counts are the same each time.</summary>
public static class OperationCount
{
    /// <summary>Does the work and returns the bills.</summary>
    public static IReadOnlyList<Bill> Take()
    {
        MeteredContext context = new();
        MethodInfo run = context.Find(typeof(AllWork)).GetMethod(nameof(AllWork.Run), BindingFlags.Static | BindingFlags.Public)!;
        List<KeyValuePair<string, long[][]>> counted = (List<KeyValuePair<string, long[][]>>)run.Invoke(null, null)!;
        return [.. counted.Select(one => new Bill(one.Key, MethodsOf(context, one.Value)))];
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
