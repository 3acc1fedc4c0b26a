using System;

namespace NfDtls
{
    /// <summary>Plans of memory: for choosing options, so a device that has its sizes leaves this assembly out.</summary>
    public static class MemoryPlans
    {
        /// <summary>What a client or a server with these options will allocate at construction; allocates only the answer.</summary>
        /// <exception cref="ArgumentException">An option is out of its range.</exception>
        public static MemoryPlan PlanMemory(this DtlsOptions options, bool isServer)
        {
            options.Validate();
            options.CheckShares(isServer);
            return new MemoryPlan(options, isServer);
        }
    }
}
