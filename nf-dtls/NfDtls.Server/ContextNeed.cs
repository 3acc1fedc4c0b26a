using System;

namespace NfDtls.Server
{
    /// <summary>
    /// The contexts of the crypto provider that a server with certain options has at the most, for providers that keep them in a
    /// table: a server that could not hold its sessions is not made.
    /// </summary>
    internal static class ContextNeed
    {
        // An operation, and the hash over what it signs or verifies.
        private const int WorkAHandshake = 2;

        /// <summary>Makes room for them.</summary>
        /// <exception cref="ArgumentException">There is not enough; the message says how much would be.</exception>
        internal static void Reserve(DtlsOptions options, ServerVersion[] versions)
        {
            int session = 0;
            int keys = 0;
            int shared = 0;
            for (int i = 0; i < versions.Length; i++)
            {
                session = versions[i].KeysASession > session ? versions[i].KeysASession : session;
                keys = versions[i].KeysAHandshake > keys ? versions[i].KeysAHandshake : keys;
                shared += versions[i].SharedContexts;
            }

            int handshake = WorkAHandshake + keys + CountHashes(options.Suites)
                + (options.Authenticator == null ? 0 : options.Authenticator.CountContexts(options));
            int needed = shared + (options.MaxSessions * session) + (options.MaxHandshakes * handshake);
            for (int i = 0; options.Features != null && i < options.Features.Length; i++)
            {
                needed += options.Features[i].Contexts;
            }

            int room = options.Crypto.Reserve(needed);
            if (room >= needed)
            {
                return;
            }

            int sessions = (room - shared - (options.MaxHandshakes * handshake)) / session;
            string remedy = sessions > 0
                ? "with so many handshakes, MaxSessions may be " + sessions.ToString() + "."
                : "MaxHandshakes may be " + ((room - shared - session) / handshake).ToString() + ", with one session.";
            throw new ArgumentException("DtlsOptions.MaxSessions of " + options.MaxSessions.ToString() + " and MaxHandshakes of " + options.MaxHandshakes.ToString()
                + " take " + needed.ToString() + " contexts of DtlsOptions.Crypto, which has room for " + room.ToString() + ": " + remedy);
        }

        /// <summary>The hashes of a transcript: one for each that a suite has.</summary>
        private static int CountHashes(CipherSuiteTable suites)
        {
            int count = 0;
            for (int i = 0; i < suites.Count; i++)
            {
                int first = 0;
                while (suites.At(first).Hash != suites.At(i).Hash)
                {
                    first++;
                }

                count += first == i ? 1 : 0;
            }

            return count;
        }
    }
}
