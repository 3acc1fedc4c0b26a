namespace NfDtls
{
    /// <summary>What DTLS 1.3 adds to a plan. The counts are those of NfDtls.Dtls13's and NfDtls.Dtls13.Server's objects, which a test holds against what there is.</summary>
    internal static class Plan13
    {
        internal const int Number = 0xFEFC;

        // Handshakes: the role with its hello and scripts, key share, log and proofs; the schedule, the transcript and the rules.
        private const int ClientBytes = 420 + 84 + 24 + 36 + 72;
        private const int ServerBytes = 480 + 120 + 48 + 84 + 24;
        private const int RuleBytes = 72 + (2 * 72) + 48 + 36;
        private const int CommonBytes = 84 + 72 + 48 + 12 + 60 + 156 + 36 + (3 * 24) + RuleBytes;

        // Of an endpoint: what messages and keys after the handshake share, how secrets are derived, and the version itself.
        private const int AssociationParts = 120 + 24 + 24 + 36 + 24 + 60 + 36 + 48;
        private const int Derivations = 96 + 48;
        private const int VersionBytes = 84 + 84 + 24 + 12 + 24 + 72;
        private const int ServerParts = 132 + 72 + 216 + 60 + 60 + 72;

        internal static int OfEngine(bool isServer, int secret)
        {
            const int AroundHash = 23;
            return AssociationParts + Derivations + (2 * MemoryPlan.OfArray(secret)) + MemoryPlan.OfArray((3 * secret) + AroundHash) + VersionBytes + (isServer ? ServerParts : 0);
        }

        internal static int OfRole(bool isServer)
        {
            return CommonBytes + (isServer ? ServerBytes : ClientBytes);
        }

        /// <summary>What a connection adds to a session: the epoch with its form and protection, the secrets, and at a server what answers a Finished that comes again.</summary>
        internal static int OfConnection(bool isServer, int secret)
        {
            int again = isServer ? OfAsleep(secret) : 0;
            return 84 + (2 * (60 + 36)) + 132 + MemoryPlan.OfArray(2 * secret) + again;
        }

        /// <summary>What the keys of a server's handshake take more when they are made again than what they are made of.</summary>
        internal static int OfAgain(int secret, int window)
        {
            const int Epoch = 204 + 84 + 36 + 60 + 36;
            return Epoch + MemoryPlan.OfArray(window / 8) - OfAsleep(secret);
        }

        private static int OfAsleep(int secret)
        {
            return 96 + MemoryPlan.OfArray(secret);
        }

        /// <summary>What connection IDs that can change add to a session: those in use, and those to spare.</summary>
        internal static int OfIds(IdentifyingFeature ids)
        {
            int each = MemoryPlan.OfArray(ids.IdLength);
            int both = ids.IdLength == 0 ? 0 : 1 + ids.WantedSpares;
            return 144 + 84 + 36 + MemoryPlan.OfArray(4 * (IdentifyingFeature.MostSpares + 1)) + MemoryPlan.OfArray(4 * IdentifyingFeature.MostSpares) + (both * each);
        }

        /// <summary>What a handshake makes while it runs: the epoch before, secrets, the log, the key that is offered, cookie and binder.</summary>
        internal static int OfRunning(int secret)
        {
            const int Epoch = 204 + 84 + (2 * (60 + 36)) + 72;
            return Epoch + MemoryPlan.OfArray(5 * secret) + 72 + MemoryPlan.OfArray(secret) + (2 * 60) + 60 + 108 + (3 * 72);
        }
    }
}
