using System.Threading;
using NfDtls.Crypto.Software;
using NfDtls.Crypto.Stock;

namespace NfDtls.Ops;

/// <summary>
/// Every piece of work that is counted, each method of which may be the entry point of a program by itself. Nothing of it is generic, since
/// nf-link links what a board could run.
/// </summary>
internal static class AllWork
{
    /// <summary>All.</summary>
    internal static void Run(SendOrPostCallback mark)
    {
        Primitives(mark);
        Stock12(mark);
        Resumed(mark, true, false);
        Stock13(mark);
        Resumed(mark, true, true);
        Software12(mark);
        Resumed(mark, false, false);
        Software13(mark);
        Resumed(mark, false, true);
    }

    internal static void Primitives(SendOrPostCallback mark)
    {
        PrimitiveWork.Run(new Counter(mark));
    }

    internal static void Stock12(SendOrPostCallback mark)
    {
        DtlsOptions client = Ends.Use12(Ends.Make(DtlsOptions.Iot(), StockProvider.Create(Ends.Entropy(false)), false));
        DtlsOptions server = Ends.Use12(Ends.Make(DtlsOptions.Iot(), StockProvider.Create(Ends.Entropy(true)), true));
        new EngineWork(new Counter(mark), "stock 1.2", client, server).Run();
    }

    internal static void Stock13(SendOrPostCallback mark)
    {
        DtlsOptions client = Ends.Use13(Ends.Make(DtlsOptions.Iot(), StockProvider.Create(Ends.Entropy(false)), false), false);
        DtlsOptions server = Ends.Use13(Ends.Make(DtlsOptions.Iot(), StockProvider.Create(Ends.Entropy(true)), true), true);
        new EngineWork(new Counter(mark), "stock 1.3", client, server).Run();
    }

    internal static void Software12(SendOrPostCallback mark)
    {
        DtlsOptions client = Ends.Use12(Ends.Make(DtlsOptions.Iot(), new SoftwareProvider(Ends.Entropy(false)), false));
        DtlsOptions server = Ends.Use12(Ends.Make(DtlsOptions.Iot(), new SoftwareProvider(Ends.Entropy(true)), true));
        new EngineWork(new Counter(mark), "software 1.2", client, server).Run();
    }

    internal static void Software13(SendOrPostCallback mark)
    {
        DtlsOptions client = Ends.Use13(Ends.Make(DtlsOptions.Iot(), new SoftwareProvider(Ends.Entropy(false)), false), false);
        DtlsOptions server = Ends.Use13(Ends.Make(DtlsOptions.Iot(), new SoftwareProvider(Ends.Entropy(true)), true), true);
        new EngineWork(new Counter(mark), "software 1.3", client, server).Run();
    }

    private static void Resumed(SendOrPostCallback mark, bool isStock, bool is13)
    {
        string name = (isStock ? "stock" : "software") + (is13 ? " 1.3" : " 1.2");
        new EngineWork(new Counter(mark), name, Resuming(isStock, is13, false), Resuming(isStock, is13, true)).RunResumed();
    }

    private static DtlsOptions Resuming(bool isStock, bool is13, bool isServer)
    {
        SeededEntropy entropy = Ends.Entropy(isServer);
        CryptoProvider crypto = isStock ? StockProvider.Create(entropy) : new SoftwareProvider(entropy);
        DtlsOptions options = Ends.Resume(Ends.Make(DtlsOptions.Gateway(), crypto, isServer), isServer);
        return is13 ? Ends.Use13(options, isServer) : Ends.Use12(options);
    }
}
