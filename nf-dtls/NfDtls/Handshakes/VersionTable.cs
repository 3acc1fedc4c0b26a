using System;

namespace NfDtls
{
    /// <summary>The versions that an endpoint speaks: 1 to 4. The newest comes first, in whatever order they are added: a peer that offers it takes an answer in an older one for an attack (RFC 8446 section 4.1.3).</summary>
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

        /// <summary>Whether hellos are short: the newest version's are the longest.</summary>
        internal bool IsShort
        {
            get { return _count > 0 && _versions[0].IsShort; }
        }

        /// <summary>Adds a version; returns the table.</summary>
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

            // The numbers of DTLS count down.
            int at = _count;
            for (; at > 0 && _versions[at - 1].Number > version.Number; at--)
            {
                _versions[at] = _versions[at - 1];
            }

            _versions[at] = version;
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
        public ProtocolVersion? Find(int number)
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
