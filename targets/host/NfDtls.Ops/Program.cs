using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace NfDtls.Ops;

/// <summary>Prints the operations of every piece of work, and by method for those that are named.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        bool isLinked = arguments.Contains("--linked");
        string[] named = [.. arguments.Where(argument => argument != "--linked")];
        if (named.Any(argument => argument.StartsWith('-')))
        {
            Console.Error.WriteLine("usage: ops [--linked] [PART OF A NAME]");
            return 2;
        }

        IReadOnlyList<Bill> bills = OperationCount.Take();
        if (isLinked)
        {
            IReadOnlyList<Bill> compiled = bills;
            bills = OperationCount.TakeLinked(compiled);
            Compare(compiled, bills);
        }
        else
        {
            Print(bills);
        }

        foreach (Bill bill in bills.Where(bill => named.Any(part => bill.Work.Contains(part, StringComparison.Ordinal))))
        {
            Console.WriteLine();
            Console.WriteLine(bill.Work);
            foreach (MethodBill method in bill.Methods.Where(method => !method.IsOfWork))
            {
                Console.WriteLine($"{Number(method.Operations),10}{Number(method.Entries),8}  {method.Name}");
            }
        }

        return 0;
    }

    private static void Print(IReadOnlyList<Bill> bills)
    {
        Console.WriteLine($"{"Operations",-44}{"all",10}{"outside crypto",16}{$"a call as {Bill.CallWeight}",14}");
        foreach (Bill bill in bills)
        {
            Console.WriteLine($"{bill.Work,-44}{Number(bill.Sum),10}{Number(bill.SumOutsideCrypto),16}{Number(bill.Weighted),14}");
        }
    }

    private static void Compare(IReadOnlyList<Bill> compiled, IReadOnlyList<Bill> linked)
    {
        Console.WriteLine($"{"Operations, as compiled and linked",-42}{"all",22}{"outside crypto",22}{$"a call as {Bill.CallWeight}",22}");
        foreach (Bill bill in linked)
        {
            Bill before = compiled.Single(one => one.Work == bill.Work);
            Console.WriteLine($"{bill.Work,-42}{Pair(before.Sum, bill.Sum)}{Pair(before.SumOutsideCrypto, bill.SumOutsideCrypto)}{Pair(before.Weighted, bill.Weighted)}");
        }
    }

    private static string Pair(long compiled, long linked)
    {
        return $"{Number(compiled),12}{Number(linked),10}";
    }

    private static string Number(long number)
    {
        return number.ToString("N0", CultureInfo.InvariantCulture);
    }
}
