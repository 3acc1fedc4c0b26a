using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Keys for other protocols out of a handshake, of DTLS 1.2 (RFC 5705) or 1.3 (RFC 8446 section 7.5):
    /// <see cref="Association.ExportKey"/> makes them where this stands in <see cref="DtlsOptions.Features"/>. Both ends get the same
    /// bytes for the same label and context. Of DTLS 1.2 only handshakes with the extended master secret export anything (RFC 7627
    /// section 5.4): without it two connections may have the same secret. Keeps master secret and randoms, 112 bytes, while an
    /// association lives, of DTLS 1.3 a secret of 32 or 48 bytes, and zeroes them at its end. There are no early exporters, as there
    /// are no early data.
    /// </summary>
    public sealed class KeyExporter : Feature
    {
        private const int MaxContext = 65535;

        internal override int EngineBytes
        {
            get { return HeapBytes.OfObject(1); }
        }

        internal override int Contexts
        {
            get { return 1; }
        }

        internal override int SessionBytes
        {
            get { return ExporterSecret.PlannedBytes; }
        }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            Forget(association);
            int version = handshake.Role.Version.SuiteMask;
            if (version == CipherSuite.Version13)
            {
                association.SetState(this, new ExporterSecret13(handshake));
            }
            else if (association.Version == DtlsVersion.Dtls12 && (association.Flags & HandshakeFlags.ExtendedMasterSecret) != 0)
            {
                association.SetState(this, new ExporterSecret12(handshake));
            }
        }

        internal override void Forget(Association association)
        {
            ExporterSecret secret = (ExporterSecret)association.GetState(this);
            if (secret != null)
            {
                secret.Clear();
                association.SetState(this, null);
            }
        }

        internal override int SavedTag
        {
            get { return 7; }
        }

        internal override void Save(Association association, WireWriter writer)
        {
            ExporterSecret secret = (ExporterSecret)association.GetState(this);
            if (secret != null)
            {
                secret.Write(writer);
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            return ExporterSecret.Read(reader);
        }

        internal override void Restore(Association association, object saved)
        {
            association.SetState(this, saved);
        }

        internal override bool ExportKey(Association association, string label, byte[] context, byte[] destination, int offset, int count)
        {
            CheckLabel(label);
            if (context != null && context.Length > MaxContext)
            {
                throw new ArgumentException("A context has at most " + MaxContext.ToString() + " bytes, not " + context.Length.ToString() + ".", "context");
            }

            ExporterSecret secret = (ExporterSecret)association.GetState(this);
            if (secret != null)
            {
                secret.Export(association.Engine.Crypto, label, context, destination, offset, count);
                return true;
            }

            if (association.State == AssociationState.Closed)
            {
                throw association.Ended();
            }

            if (association.State != AssociationState.Connected && association.State != AssociationState.Closing)
            {
                throw new DtlsException(DtlsError.NotConnected, "There is no connection yet.");
            }

            if (association.Version != DtlsVersion.Dtls12)
            {
                throw new DtlsException(DtlsError.InsufficientSecurity, "Keys are exported from connections of DTLS 1.2 and 1.3 alone.");
            }

            throw new DtlsException(DtlsError.InsufficientSecurity, "The peer does not know the extended master secret: nothing is exported without (RFC 7627 section 5.4). DtlsOptions.RequireExtendedMasterSecret refuses such peers.");
        }

        private static void CheckLabel(string label)
        {
            if (label == null || label.Length == 0)
            {
                throw new ArgumentException("A label has at least one character.", "label");
            }

            for (int i = 0; i < label.Length; i++)
            {
                if (label[i] < ' ' || label[i] > '~')
                {
                    throw new ArgumentException("A label has printable characters of ASCII alone; the one at " + i.ToString() + " is none.", "label");
                }
            }

            // What the protocol itself derives by (RFC 5246 sections 6.3, 7.4.9, 8.1; RFC 7627 section 4); as in other stacks no
            // label may begin so.
            if (Begins(label, "client finished") || Begins(label, "server finished") || Begins(label, "master secret")
                || Begins(label, "extended master secret") || Begins(label, "key expansion"))
            {
                throw new ArgumentException("The protocol derives its own keys by a label that begins so. Begin it with EXPORTER (RFC 5705 section 4).", "label");
            }
        }

        private static bool Begins(string label, string reserved)
        {
            return label.Length >= reserved.Length && label.Substring(0, reserved.Length) == reserved;
        }
    }
}
