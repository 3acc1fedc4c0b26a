using System;

namespace NfDtls
{
    /// <summary>
    /// The suites that an application registers, the preferred first: NetX's table of cryptographic methods. Not to be
    /// changed while an endpoint that uses it lives.
    /// </summary>
    public sealed class CipherSuiteTable
    {
        private CipherSuite[] _suites = new CipherSuite[4];
        private int _count;

        /// <summary>Suites in the table.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>The suite at an index.</summary>
        public CipherSuite At(int index)
        {
            return _suites[index];
        }

        /// <summary>Adds a suite behind the others; returns this table.</summary>
        /// <exception cref="ArgumentException">A suite of that number is there already.</exception>
        public CipherSuiteTable Add(CipherSuite suite)
        {
            if (suite == null)
            {
                throw new ArgumentNullException("suite");
            }

            if (Find(suite.Id) != null)
            {
                throw new ArgumentException("The table has suite " + suite.Name + " already.");
            }

            if (_count == _suites.Length)
            {
                CipherSuite[] larger = new CipherSuite[_count * 2];
                Array.Copy(_suites, larger, _count);
                _suites = larger;
            }

            _suites[_count] = suite;
            _count++;
            return this;
        }

        /// <summary>The suite with a number, or null.</summary>
        public CipherSuite? Find(int id)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_suites[i].Id == id)
                {
                    return _suites[i];
                }
            }

            return null;
        }
    }
}
