using System;
using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Ops;

/// <summary>What one piece of work took.</summary>
/// <param name="Work">The work's name.</param>
/// <param name="Methods">The methods that took part, those with the most operations first.</param>
public sealed record Bill(string Work, IReadOnlyList<MethodBill> Methods)
{
    /// <summary>What a call takes of the interpreter's time, in operations of other kinds: frame, arguments, return.</summary>
    public const int CallWeight = 15;

    private IEnumerable<MethodBill> Counted => Methods.Where(method => !method.IsOfWork);

    /// <summary>Operations in all.</summary>
    public long Sum => Counted.Sum(method => method.Operations);

    /// <summary>All, with a call as so many as it takes of the interpreter's time.</summary>
    public long Weighted => Counted.Sum(method => method.Operations + ((CallWeight - 1) * method.Calls));

    /// <summary>Operations of the assemblies that hold no cryptography.</summary>
    public long SumOutsideCrypto => Counted.Where(method => !method.IsCrypto).Sum(method => method.Operations);

    /// <summary>
    /// This with what nf-link has put into the work's own methods, in the place of calls, counted as the engine's: what they take beyond what
    /// they take as compiled.
    /// </summary>
    internal Bill WithPlaced(Bill compiled)
    {
        long more = OfWork(method => method.Operations) - compiled.OfWork(method => method.Operations);
        long moreCalls = OfWork(method => method.Calls) - compiled.OfWork(method => method.Calls);
        return more <= 0 ? this : this with { Methods = [.. Methods, new MethodBill("NfDtls: in the place of calls", 1, more, Math.Max(0, moreCalls))] };
    }

    private long OfWork(Func<MethodBill, long> count)
    {
        return Methods.Where(method => method.IsOfWork).Sum(count);
    }

    /// <summary>Operations of one method, with no regard to its overloads.</summary>
    public long Of(string method)
    {
        return Methods.Where(one => one.Name.EndsWith(": " + method, StringComparison.Ordinal)).Sum(one => one.Operations);
    }
}

/// <summary>A method's part of a piece of work.</summary>
/// <param name="Name">Assembly: Type.Method.</param>
/// <param name="Entries">How often it was entered.</param>
/// <param name="Operations">Its own operations, without those of what it called.</param>
/// <param name="Calls">How many of these were calls.</param>
public sealed record MethodBill(string Name, long Entries, long Operations, long Calls)
{
    /// <summary>Whether it belongs to a crypto provider.</summary>
    public bool IsCrypto => Name.StartsWith("NfDtls.Crypto.", StringComparison.Ordinal);

    /// <summary>Whether it is of the work itself, which calls what is counted.</summary>
    public bool IsOfWork => Name.StartsWith("NfDtls.Ops", StringComparison.Ordinal);
}
