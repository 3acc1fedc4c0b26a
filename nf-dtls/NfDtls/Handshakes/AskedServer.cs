namespace NfDtls
{
    /// <summary>The server that a client asks for by its name, and what a server has for that one alone.</summary>
    internal sealed class AskedServer
    {
        /// <summary>The name; empty where what the client sent is none; null where it sent none.</summary>
        internal readonly string Name;

        /// <summary>The application knows the name.</summary>
        internal bool IsListed;

        /// <summary>The certificate that was chosen last is for the name.</summary>
        internal bool IsMatched;

        /// <summary>The keys and the hint of that server; null for those of the options.</summary>
        internal PskStore Keys;
        internal byte[] Hint;

        internal AskedServer(string name)
        {
            Name = name;
        }

        /// <summary>The name, or null where there is none.</summary>
        internal static string NameOf(Handshake handshake)
        {
            string name = handshake.Asked == null ? null : handshake.Asked.Name;
            return name == null || name.Length == 0 ? null : name;
        }

        /// <summary>The pre-shared keys of a handshake.</summary>
        internal static PskStore KeysOf(Handshake handshake)
        {
            AskedServer asked = handshake.Asked;
            return asked == null || asked.Keys == null ? handshake.Options.Psk : asked.Keys;
        }

        /// <summary>The hint that a server sends, or null.</summary>
        internal static byte[] HintOf(Handshake handshake)
        {
            AskedServer asked = handshake.Asked;
            return asked == null || asked.Keys == null ? handshake.Options.PskHint : asked.Hint;
        }
    }
}
