using System;

namespace NfDtls.Ecdhe
{
    /// <summary>
    /// The groups that an endpoint agrees on keys in, the preferred first (numbers of <see cref="NamedGroup"/>). Not to be changed
    /// while an endpoint that uses it lives.
    /// </summary>
    public sealed class GroupTable
    {
        private const int MaxCount = 8;

        private readonly int[] _groups = new int[MaxCount];
        private int _count;

        /// <summary>Groups in the table.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>The group at an index.</summary>
        public int At(int index)
        {
            return _groups[index];
        }

        /// <summary>Adds a group behind the others; returns this table.</summary>
        /// <exception cref="ArgumentException">The group is unknown or there already, or the table is full.</exception>
        public GroupTable Add(int group)
        {
            if (NamedGroup.SecretLength(group) == 0)
            {
                throw new ArgumentException("Group " + group.ToString() + " is not one of NamedGroup.");
            }

            if (Contains(group))
            {
                throw new ArgumentException("The table has group " + group.ToString() + " already.");
            }

            if (_count == MaxCount)
            {
                throw new ArgumentException("A table holds " + MaxCount.ToString() + " groups.");
            }

            _groups[_count] = group;
            _count++;
            return this;
        }

        /// <summary>Whether a group is in the table.</summary>
        public bool Contains(int group)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_groups[i] == group)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether a provider can do one of them.</summary>
        public bool IsSupportedBy(CryptoProvider crypto)
        {
            for (int i = 0; i < _count; i++)
            {
                if (crypto.Supports(CryptoAlgorithm.Agree + _groups[i]))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>A fresh table of secp256r1, x25519, secp384r1 and secp521r1.</summary>
        public static GroupTable All()
        {
            return new GroupTable().Add(NamedGroup.Secp256r1).Add(NamedGroup.X25519).Add(NamedGroup.Secp384r1).Add(NamedGroup.Secp521r1);
        }

        /// <summary>A fresh table of secp256r1 alone (RFC 7925 section 4.4).</summary>
        public static GroupTable Constrained()
        {
            return new GroupTable().Add(NamedGroup.Secp256r1);
        }
    }
}
