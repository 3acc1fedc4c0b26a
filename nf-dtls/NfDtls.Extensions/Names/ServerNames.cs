using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// server_name (RFC 6066 section 3) without certificates, and names that a server knows: a client with it tells
    /// <see cref="EndpointOptions.ServerName"/> whatever its suites are, and a server may have pre-shared keys for a name alone. With
    /// certificates the name is sent, and the certificate for it chosen, without this; <see cref="Agreement.ServerName"/> tells what was
    /// asked for, and a server with <see cref="EndpointOptions.AskToConnect"/> may answer by it. Stands in
    /// <see cref="DtlsOptions.Features"/>.
    /// </summary>
    public sealed class ServerNames : Feature
    {
        // Type and length of the extension, length of the list, type and length of the name.
        private const int Around = 9;

        // The extension's number is 0, which no part of a saved association has.
        private const int Tag = 250;

        private readonly NamedServers _servers = new NamedServers();
        private readonly HelloExtension[] _extensions;

        /// <summary>Knows no name yet.</summary>
        public ServerNames()
        {
            _extensions = new HelloExtension[] { _servers };
        }

        /// <summary>
        /// Whether a server ends the handshake (alert unrecognized_name) with a client that asks for a name which was not added here and
        /// which no certificate of its is for. Default false: it goes on with what it has for everybody. A client that asks for no
        /// name is taken in any case.
        /// </summary>
        public bool RefusesUnknown { get; set; }

        internal override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        internal override int HelloBytes
        {
            get { return Around; }
        }

        internal override int EngineBytes
        {
            get { return HeapBytes.OfObject(4) + HeapBytes.OfArray(4) + HeapBytes.OfObject(3) + (3 * HeapBytes.OfArray(4 * _servers.Count)); }
        }

        internal override int SavedTag
        {
            get { return Tag; }
        }

        /// <summary>Adds a name; returns this. Not while an endpoint that uses it lives.</summary>
        /// <exception cref="ArgumentException">It is no DNS name, or is there already.</exception>
        public ServerNames Add(string name)
        {
            return Add(name, null, null);
        }

        /// <summary>Adds a name that has keys of its own; returns this. Not while an endpoint that uses it lives.</summary>
        /// <param name="name">A DNS name. Letters' case does not matter.</param>
        /// <param name="keys">The pre-shared keys for those who ask for it, instead of <see cref="EndpointOptions.Psk"/>; null for those.</param>
        /// <param name="hint">The hint that goes with the keys: 0 to 128 bytes, or null for none.</param>
        /// <exception cref="ArgumentException">It is no DNS name, or is there already; or the hint is too long.</exception>
        public ServerNames Add(string name, PskStore? keys, byte[]? hint)
        {
            if (ServerNameExtension.LengthOf(name) == 0)
            {
                throw new ArgumentException("A name is a DNS name of 1 to 253 characters; one of another script by its A-labels (xn--...).", "name");
            }

            if (hint != null)
            {
                PskStore.CheckLength(hint, "hint");
            }

            _servers.Add(name.Substring(0, ServerNameExtension.LengthOf(name)), keys, hint);
            return this;
        }

        internal override void Save(Association association, WireWriter writer)
        {
            string name = association.ServerName;
            for (int i = 0; name != null && i < name.Length; i++)
            {
                writer.WriteUInt8(name[i]);
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            char[] name = new char[reader.Remaining];
            for (int i = 0; i < name.Length; i++)
            {
                name[i] = (char)reader.ReadUInt8();
            }

            return new string(name);
        }

        internal override void Restore(Association association, object saved)
        {
            association.RestoreServerName((string)saved);
        }

        internal override DtlsError OnMessage(Association association, Handshake handshake, int type)
        {
            AskedServer asked = handshake.Asked;
            bool isKnown = asked == null || asked.Name == null || asked.IsListed || asked.IsMatched || (handshake.Flags & HandshakeFlags.Abbreviated) != 0;
            return type == HandshakeType.ClientHello && RefusesUnknown && !isKnown ? DtlsError.UnrecognizedName : DtlsError.None;
        }
    }
}
