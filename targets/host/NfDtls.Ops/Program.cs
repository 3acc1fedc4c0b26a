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
        if (arguments.Any(argument => argument.StartsWith('-')))
        {
            Console.Error.WriteLine("usage: ops [PART OF A NAME]");
            return 2;
        }

        IReadOnlyList<Bill> bills = OperationCount.Take();
        Console.WriteLine($"{"Operations",-44}{"all",10}{"outside crypto",16}{$"a call as {Bill.CallWeight}",14}");
        foreach (Bill bill in bills)
        {
            Console.WriteLine($"{bill.Work,-44}{Number(bill.Sum),10}{Number(bill.SumOutsideCrypto),16}{Number(bill.Weighted),14}");
        }

        foreach (Bill bill in bills.Where(bill => arguments.Any(argument => bill.Work.Contains(argument, StringComparison.Ordinal))))
        {
            Console.WriteLine();
            Console.WriteLine(bill.Work);
            foreach (MethodBill method in bill.Methods)
            {
                Console.WriteLine($"{Number(method.Operations),10}{Number(method.Entries),8}  {method.Name}");
            }
        }

        return 0;
    }

    private static string Number(long number)
    {
        return number.ToString("N0", CultureInfo.InvariantCulture);
    }
}
