using System;

namespace NfDtls.Extensions
{
    /// <summary>server_name of an endpoint that knows some names, with the keys for each.</summary>
    internal sealed class NamedServers : ServerNameExtension
    {
        private string[] _names = new string[0];
        private PskStore[] _keys = new PskStore[0];
        private byte[][] _hints = new byte[0][];

        internal int Count
        {
            get { return _names.Length; }
        }

        internal void Add(string name, PskStore keys, byte[] hint)
        {
            if (IndexOf(name) >= 0)
            {
                throw new ArgumentException("The name " + name + " is there already.", "name");
            }

            int count = _names.Length;
            string[] names = new string[count + 1];
            PskStore[] stores = new PskStore[count + 1];
            byte[][] hints = new byte[count + 1][];
            Array.Copy(_names, names, count);
            Array.Copy(_keys, stores, count);
            Array.Copy(_hints, hints, count);
            names[count] = name;
            stores[count] = keys;
            hints[count] = hint;
            _names = names;
            _keys = stores;
            _hints = hints;
        }

        internal override void OnAsked(AskedServer asked)
        {
            int index = IndexOf(asked.Name);
            if (index >= 0)
            {
                asked.IsListed = true;
                asked.Keys = _keys[index];
                asked.Hint = _hints[index];
            }
        }

        private int IndexOf(string name)
        {
            for (int i = 0; i < _names.Length; i++)
            {
                if (IsSame(_names[i], name))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>Names are of ASCII; letters' case does not matter.</summary>
        private static bool IsSame(string a, string b)
        {
            bool isSame = a.Length == b.Length;
            for (int i = 0; isSame && i < a.Length; i++)
            {
                isSame = LowerOf(a[i]) == LowerOf(b[i]);
            }

            return isSame;
        }

        private static int LowerOf(char c)
        {
            return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
        }
    }
}
