using System;

namespace NfDtls
{
    /// <summary>The versions that an endpoint speaks, preferred first: 1 to 4.</summary>
    public sealed class VersionTable
    {
        private const int MaxVersions = 4;

        private readonly ProtocolVersion[] _versions = new ProtocolVersion[MaxVersions];
        private int _count;

        /// <summary>Versions in the table.</summary>
        public int Count
        {
            get { return _count; }
        }

        /// <summary>Adds a version behind those that are there; returns the table.</summary>
        /// <exception cref="ArgumentException">It is null, its number is there already, or the table is full.</exception>
        public VersionTable Add(ProtocolVersion version)
        {
            if (version == null)
            {
                throw new ArgumentNullException("version");
            }

            if (Find(version.Number) != null || _count == MaxVersions)
            {
                throw new ArgumentException("A table has up to " + MaxVersions.ToString() + " versions, each once.", "version");
            }

            _versions[_count] = version;
            _count++;
            return this;
        }

        /// <summary>The version in a place of the table.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1.</param>
        public ProtocolVersion At(int index)
        {
            return _versions[index];
        }

        /// <summary>The version of a number, or null.</summary>
        public ProtocolVersion Find(int number)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_versions[i].Number == number)
                {
                    return _versions[i];
                }
            }

            return null;
        }

        /// <summary>The form of a record that begins with a byte, or null where no version has one.</summary>
        internal RecordCodec FindCodec(int firstByte)
        {
            RecordCodec codec = null;
            for (int i = 0; i < _count && codec == null; i++)
            {
                codec = _versions[i].FindCodec(firstByte);
            }

            return codec;
        }
    }
}
