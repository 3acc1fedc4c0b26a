using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// The content of a saved association: what both ends agreed on, the keys, which numbers may be used from here on, and a tagged
    /// field for each feature that keeps something. Reading changes nothing of the endpoint's.
    /// </summary>
    internal sealed class SavedContent
    {
        /// <summary>The first number that may be written; no record of this key had it or a higher one.</summary>
        internal long FirstWritable;

        /// <summary>The first number that may be taken; those below may have been.</summary>
        internal long FirstReadable;

        /// <summary>The same of the epoch before the newest one, where that is still read: in DTLS 1.3, which has the keys of both.</summary>
        internal long FirstReadableBefore;

        /// <summary>Records that failed to open, or more.</summary>
        internal long Forged;

        internal byte[] Keys;

        private const int OfServer = 1;
        private const int WithIdentity = 2;

        private readonly byte[] _address = new byte[Packet.MaxAddressLength];
        private readonly byte[] _buffer;
        private int _addressLength;
        private ProtocolVersion _version;
        private CipherSuite _suite;
        private byte[] _identity;
        private object[] _states;
        private AssociationHost _engine;
        private Epoch _protection;
        private long _epoch;
        private int _flags;
        private int _pathMtu;
        private int _lastFlight;
        private int _part;

        /// <param name="buffer">What is read; null to write.</param>
        internal SavedContent(byte[] buffer)
        {
            _buffer = buffer;
        }

        /// <summary>Writes what an association is now, with the numbers and keys of this.</summary>
        internal void Write(Association association, WireWriter writer)
        {
            byte[] identity = association.PskIdentity;
            writer.WriteUInt8((association.IsServer ? OfServer : 0) | (identity != null ? WithIdentity : 0));
            writer.WriteUInt16(association.Version);
            writer.WriteUInt16(association.Suite.Id);
            writer.WriteUInt24(association.Flags);
            writer.WriteUInt16((int)association.WriteEpoch.Number);
            writer.WriteUInt48(FirstWritable);
            writer.WriteUInt48(FirstReadable);
            writer.WriteUInt48(Forged);
            writer.WriteUInt16(association.PathMtu);
            writer.WriteUInt8(association.AddressLength);
            writer.WriteBytes(association.Address, 0, association.AddressLength);
            if (identity != null)
            {
                writer.WriteUInt16(identity.Length);
                writer.WriteBytes(identity, 0, identity.Length);
            }

            if (association.Version == DtlsVersion.Dtls12)
            {
                writer.WriteBytes(Keys, 0, Keys.Length);
                SavedLastFlight.Write(association.LastFlight, writer);
            }
            else
            {
                writer.WriteUInt48(FirstReadableBefore);
            }

            WriteFeatures(association, writer);
        }

        /// <summary>Reads it all, and checks that the endpoint can go on with it.</summary>
        /// <exception cref="ArgumentException">It cannot; the message says what is missing.</exception>
        internal void Read(AssociationHost engine, int offset, int count)
        {
            WireReader reader = new WireReader();
            reader.Reset(_buffer, offset, count);
            int bits = reader.ReadUInt8();
            Check((bits & OfServer) != 0 == engine.IsServer, "is one of the other role");
            int version = reader.ReadUInt16();
            _version = engine.Versions.Find(version);
            bool is12 = version == DtlsVersion.Dtls12;
            _part = is12 ? -1 : IndexOf(engine, Feature.VersionTag);
            Check(_version != null && (is12 || _part >= 0), "has a version that DtlsOptions.Versions lacks");
            _suite = engine.Options.Suites.Find(reader.ReadUInt16());
            Check(_suite != null && _suite.IsSupportedBy(engine.Crypto), "has a suite that DtlsOptions.Suites or DtlsOptions.Crypto lacks");
            _flags = reader.ReadUInt24();
            _epoch = reader.ReadUInt16();
            FirstWritable = reader.ReadUInt48();
            FirstReadable = reader.ReadUInt48();
            Forged = reader.ReadUInt48();
            _pathMtu = reader.ReadUInt16();
            _addressLength = reader.ReadUInt8();
            Check(_addressLength <= _address.Length, "is malformed");
            Copy(reader, _address, _addressLength);
            if ((bits & WithIdentity) != 0)
            {
                int length = reader.ReadUInt16();
                Check(length <= reader.Remaining, "is malformed");
                _identity = new byte[length];
                Copy(reader, _identity, length);
            }

            Keys = new byte[is12 ? Tls12KeySchedule.KeyBlockLength(_suite) : 0];
            if (is12)
            {
                Copy(reader, Keys, Keys.Length);
                _lastFlight = reader.Position;
                Check(!reader.Failed, "is malformed");
                SavedLastFlight.Read(reader, null, null, 0);
            }
            else
            {
                FirstReadableBefore = reader.ReadUInt48();
            }

            ReadFeatures(engine, reader);
            int part = IndexOf(engine, Feature.VersionTag);
            Check(reader.IsAtEnd && _epoch > 0 && (part < 0 || is12 == (_states[part] == null)), "is malformed");
        }

        /// <summary>Makes the protection of both directions: the last of what can fail for another reason than that there is no place.</summary>
        internal void Protect(AssociationHost engine)
        {
            if (_part >= 0)
            {
                // The version's part has done so when it was read.
                return;
            }

            _protection = new Epoch(_epoch, _version.Codec, null);
            Tls12KeySchedule.Protect(engine.Crypto, _suite, _flags, engine.IsServer, Keys, _protection);
        }

        /// <summary>Puts it all into a place of the engine's.</summary>
        /// <exception cref="DtlsException">There is none.</exception>
        internal Association Restore(AssociationHost engine, long now)
        {
            bool isNamed = false;
            for (int i = 0; i < _states.Length; i++)
            {
                isNamed |= _states[i] != null && engine.Features[i].NamesReceiver(_states[i]);
            }

            Association association = engine.Adopt(_address, _addressLength, isNamed, now);
            association.Suite = _suite;
            if (_part >= 0)
            {
                engine.Features[_part].Restore(association, _states[_part]);
                Epoch before = association.ReadEpoch.Before;
                if (before != null && before.IsReadable)
                {
                    Hold(before, FirstReadableBefore);
                }
            }
            else
            {
                Add(association, engine);
            }

            // Numbers that were promised and not used count as used, as nobody knows.
            Epoch write = association.WriteEpoch;
            write.NextSequence = FirstWritable;
            write.Sealed = FirstWritable;
            write.LastWritable = FirstWritable - 1;
            association.ReadEpoch.Forged = Forged;
            Hold(association.ReadEpoch, FirstReadable);
            association.Version = _version.Number;
            association.Flags = _flags;
            association.PskIdentity = _identity;
            association.LowerPathMtu(_pathMtu < EndpointOptions.MinMtu ? EndpointOptions.MinMtu : _pathMtu);
            if (_part < 0)
            {
                WireReader reader = new WireReader();
                reader.Reset(_buffer, _lastFlight, _buffer.Length - _lastFlight);
                SavedLastFlight.Read(reader, association, _version, now);
            }

            association.State = AssociationState.Connected;
            for (int i = 0; i < _states.Length; i++)
            {
                if (_states[i] != null && i != _part)
                {
                    engine.Features[i].Restore(association, _states[i]);
                }
            }

            return association;
        }

        /// <summary>The one epoch of an association of DTLS 1.2.</summary>
        private void Add(Association association, AssociationHost engine)
        {
            Epoch epoch = association.Epochs.Add(_epoch, _version.Codec, engine.Options, _suite);
            epoch.WriteProtection = _protection.WriteProtection;
            epoch.ReadProtection = _protection.ReadProtection;
            _protection = null;
            epoch.IsReadable = true;
            epoch.IsProven = true;
            association.ReadEpoch = epoch;
            association.WriteEpoch = epoch;
        }

        /// <summary>Takes nothing of an epoch that may have come, and nothing more before it is promised.</summary>
        private static void Hold(Epoch epoch, long first)
        {
            epoch.Window.BeginAfter(first - 1);
            epoch.LastReadable = first - 1;
        }

        /// <summary>Wipes what was made and found no place.</summary>
        internal void Clear()
        {
            if (Keys != null)
            {
                Array.Clear(Keys, 0, Keys.Length);
            }

            if (_protection != null)
            {
                _protection.Clear();
            }

            for (int i = 0; _states != null && i < _states.Length; i++)
            {
                if (_states[i] != null)
                {
                    _engine.Features[i].DropSaved(_states[i]);
                }
            }
        }

        private static void WriteFeatures(Association association, WireWriter writer)
        {
            Feature[] features = association.Engine.Features;
            for (int i = 0; i < features.Length; i++)
            {
                if (features[i].SavedTag != 0)
                {
                    writer.WriteUInt8(features[i].SavedTag);
                    int begin = writer.BeginVector(2);
                    features[i].Save(association, writer);
                    writer.EndVector(begin, 2);
                }
            }
        }

        private void ReadFeatures(AssociationHost engine, WireReader reader)
        {
            _engine = engine;
            _states = new object[engine.Features.Length];
            while (reader.Remaining > 0)
            {
                int tag = reader.ReadUInt8();
                int length = reader.ReadUInt16();
                int outer = reader.Enter(length);
                if (length > 0 && !reader.Failed)
                {
                    int index = IndexOf(engine, tag);
                    Check(index >= 0, "needs a feature that DtlsOptions.Features lacks, of tag " + tag.ToString());
                    _states[index] = engine.Features[index].ReadSaved(reader);
                    Check(_states[index] != null, "does not fit the feature of tag " + tag.ToString() + " as DtlsOptions.Features has it");
                }

                reader.Leave(outer);
            }
        }

        internal static int IndexOf(AssociationHost engine, int tag)
        {
            int index = engine.Features.Length - 1;
            while (index >= 0 && engine.Features[index].SavedTag != tag)
            {
                index--;
            }

            return index;
        }

        private static void Copy(WireReader reader, byte[] destination, int count)
        {
            int at = reader.Skip(count);
            if (!reader.Failed)
            {
                Array.Copy(reader.Buffer, at, destination, 0, count);
            }
        }

        private static void Check(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException("The saved association " + what + ".");
            }
        }
    }
}
