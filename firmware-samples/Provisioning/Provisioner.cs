using System;

namespace NfDtls.Samples.Provisioning
{
    /// <summary>
    /// Which credentials are used when: those that are kept, so many times; then new ones of the bootstrap server's, which are kept before
    /// they are used. Those that are kept are given up for new ones alone: a network that is away for a day must not cost them.
    /// </summary>
    internal sealed class Provisioner
    {
        private readonly CredentialStore _store;
        private readonly Links _links;
        private readonly int _tries;

        /// <param name="store">Where credentials are kept.</param>
        /// <param name="links">The ways to the servers.</param>
        /// <param name="tries">How often credentials are tried, and the bootstrap server is asked, at the most.</param>
        internal Provisioner(CredentialStore store, Links links, int tries)
        {
            _store = store;
            _links = links;
            _tries = tries;
        }

        /// <summary>Gets a session with the server; false where neither that server nor the bootstrap server helped this time.</summary>
        internal bool Connect()
        {
            Credentials kept;
            try
            {
                kept = _store.Read();
            }
            catch (Exception exception)
            {
                // What a board's memory throws is not one type. They may be there still: nothing is written over them.
                Console.WriteLine("The credentials cannot be read: " + exception.Message);
                return false;
            }

            if (kept != null && Try(kept))
            {
                return true;
            }

            for (int i = 0; i < _tries; i++)
            {
                if (i > 0)
                {
                    _links.Pause();
                }

                Credentials fresh = _links.Bootstrap();
                if (fresh == null)
                {
                    continue;
                }

                if (!Keep(fresh))
                {
                    fresh.Wipe();
                    return false;
                }

                Console.WriteLine("Provisioned for " + fresh.Host + ":" + fresh.Port.ToString() + ".");
                if (Try(fresh))
                {
                    return true;
                }
            }

            return false;
        }

        private bool Keep(Credentials fresh)
        {
            try
            {
                if (_store.Write(fresh))
                {
                    return true;
                }

                Console.WriteLine("The new credentials cannot be kept.");
            }
            catch (Exception exception)
            {
                Console.WriteLine("The new credentials cannot be kept: " + exception.Message);
            }

            return false;
        }

        private bool Try(Credentials credentials)
        {
            try
            {
                for (int i = 0; i < _tries; i++)
                {
                    if (i > 0)
                    {
                        _links.Pause();
                    }

                    if (_links.Connect(credentials))
                    {
                        return true;
                    }
                }

                Console.WriteLine("The credentials for " + credentials.Host + " are of no use.");
                return false;
            }
            finally
            {
                credentials.Wipe();
            }
        }
    }
}
