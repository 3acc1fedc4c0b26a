using System.Collections.Generic;

namespace NfDtls.Ops;

/// <summary>Every piece of work that is counted. Runs among instrumented assemblies.</summary>
public static class AllWork
{
    /// <summary>Does it, and returns operations, calls and entries by method's number for each piece.</summary>
    public static List<KeyValuePair<string, long[][]>> Run()
    {
        Counter counter = new();
        PrimitiveWork.Run(counter);
        foreach (bool isStock in new[] { true, false })
        {
            foreach (bool is13 in new[] { false, true })
            {
                new EngineWork(counter, isStock, is13, false).Run();
                new EngineWork(counter, isStock, is13, true).RunResumed();
            }
        }

        return counter.Counted;
    }
}
