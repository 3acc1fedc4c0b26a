namespace NfDtls.Extensions
{
    /// <summary>What both ways to agree on the size of records have in common: the limits of an association's epochs are all that they keep.</summary>
    public abstract class SizeFeature : Feature
    {
        // Type, length and content of the longer one.
        private const int MaxHelloBytes = 4 + 2;

        private readonly HelloExtension[] _extensions;

        internal SizeFeature(HelloExtension extension)
        {
            _extensions = new HelloExtension[] { extension };
        }

        internal override HelloExtension[] Extensions
        {
            get { return _extensions; }
        }

        internal override int HelloBytes
        {
            get { return MaxHelloBytes; }
        }

        internal override int EngineBytes
        {
            get { return HeapBytes.OfObject(2) + HeapBytes.OfArray(4) + HeapBytes.OfObject(1); }
        }

        internal override int SavedTag
        {
            get { return _extensions[0].Type; }
        }

        internal override void Save(Association association, WireWriter writer)
        {
            if (association.ReadEpoch.ReadLimit <= Epoch.MaxContent)
            {
                writer.WriteUInt16(association.WriteEpoch.WriteLimit);
                writer.WriteUInt16(association.ReadEpoch.ReadLimit);
            }
        }

        internal override object ReadSaved(WireReader reader)
        {
            int[] limits = { reader.ReadUInt16(), reader.ReadUInt16() };
            return reader.Failed ? null : limits;
        }

        internal override void Restore(Association association, object saved)
        {
            int[] limits = (int[])saved;
            Restore(association.WriteEpoch, limits);
            Restore(association.ReadEpoch, limits);
        }

        /// <summary>Each epoch has both, so that those that follow it have.</summary>
        private static void Restore(Epoch epoch, int[] limits)
        {
            epoch.WriteLimit = limits[0];
            epoch.ReadLimit = limits[1];
        }

        /// <summary>
        /// Both ends have agreed: what a handshake's keys protect has at most so many bytes. In the clear this end keeps to it at once,
        /// and where <paramref name="isForAll"/> under the keys of before, too.
        /// </summary>
        internal static void Agree(Handshake handshake, int write, int read, bool isForAll)
        {
            Epoch now = handshake.Host.WriteEpoch;
            handshake.WriteLimit = write;
            handshake.ReadLimit = read;
            if ((isForAll || now.Number == 0) && write < now.WriteLimit)
            {
                now.WriteLimit = write;
            }

            handshake.Endpoint.Trace("record sizes", write, read);
        }
    }
}
