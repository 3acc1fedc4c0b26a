using System;

namespace NfDtls.Extensions
{
    /// <summary>
    /// Associations that outlive the RAM that they are in: saved before a deep sleep, or kept so that they survive a crash, and taken
    /// back with no handshake. Stands in <see cref="DtlsOptions.Features"/>; the application owns the storage and the key.
    /// <para>
    /// No record number is used twice under a key, and no record is taken twice, whatever the storage lost: what is saved states the
    /// first number that may be written, and the first that may be taken. <see cref="Export"/> states them exactly and ends the live
    /// association. A promise (<see cref="WritePromise"/>) states them a block ahead, and the live association keeps within it: it
    /// asks for the next one in time (<see cref="AssociationEvents.PromiseWanted"/>), and without it refuses to send and drops what
    /// comes. What is imported neither sends nor takes a record before the next promise is stored, or the application has made sure
    /// that the same bytes cannot be imported again (<see cref="SavedIsGone"/>).
    /// </para>
    /// <para>
    /// For each association of DTLS 1.2 the keys of its records stay in RAM a second time, 40 to 128 bytes. One of 1.3 uses new keys, and
    /// acknowledges what brought them, only once a promise that knows of them is stored. The peer's certificates are not
    /// saved. The caller's thread and time rules are those of the engine; nothing here calls the application back.
    /// </para>
    /// </summary>
    public sealed class DurableAssociations : AssociationSaver
    {
        /// <summary>
        /// More than any saved association with a pre-shared key and connection IDs takes, where its identity has up to 64 bytes.
        /// <see cref="Renegotiation"/> adds 59 bytes and <see cref="KeyExporter"/> 116: with both, 512 are enough. A message of DTLS 1.3 that
        /// the peer has not acknowledged yet is saved with its association, a server's ticket above all, which takes 150 bytes or more.
        /// </summary>
        public const int UsualLength = 320;

        // The numbers have 48 bits; a block must leave room for several.
        private const int LargestBlock = 1 << 20;

        // The last number of a promise that nobody has stored yet.
        private const long Unlimited = Epoch.LastSequence - 1;

        // A crash costs as much of the limit on forgeries.
        private const int ForgeryShare = 1024;

        private int _writeBlock = 256;
        private int _readBlock = 64;

        /// <summary>
        /// Numbers promised ahead for writing: as many records are sent between two promises, half of them before the next one is
        /// asked for. What a crash leaves unused is skipped, which costs nothing. Default 256; 2 to 1,048,576.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int WriteBlock
        {
            get { return _writeBlock; }
            set { _writeBlock = CheckBlock(value); }
        }

        /// <summary>
        /// Numbers promised ahead for reading. After a crash, records of the peer's up to the promise are dropped, as many as this at
        /// most: an application that hears little takes less, and stores more often. Default 64; 2 to 1,048,576.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
        public int ReadBlock
        {
            get { return _readBlock; }
            set { _readBlock = CheckBlock(value); }
        }

        // What an association is sealed by.
        internal override int Contexts
        {
            get { return 1; }
        }

        internal override int EngineBytes
        {
            get { return HeapBytes.OfObject(3); }
        }

        internal override int SessionBytes
        {
            get { return DurableState.PlannedBytes; }
        }

        /// <summary>Which of an association's bytes these are: counts up with each export and promise, over all its lives.</summary>
        /// <param name="saved">What was written.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="count">Its bytes, or more.</param>
        /// <exception cref="ArgumentException">These bytes are no saved association. Whether they are authentic, only the import tells.</exception>
        public static long GenerationOf(byte[] saved, int offset, int count)
        {
            CheckSaved(saved, offset, count);
            SavedHeader.Check(saved, offset, count);
            return SavedHeader.GenerationOf(saved, offset);
        }

        /// <summary>
        /// Writes a connected association, sealed, with its numbers as they are, and ends the live one: its keys are wiped, the peer is
        /// told nothing, and it is closed with <see cref="DtlsError.Exported"/>. Datagrams that wait to be sent stay to be fetched, and
        /// records that came and were not taken yet are still the application's to receive here: they are not in the bytes, and
        /// nobody gets them from elsewhere.
        /// </summary>
        /// <param name="association">Connected; no handshake runs in it.</param>
        /// <param name="key">The application's key, 16 or 32 bytes; 16 are for AES-128, 32 for AES-256 or ChaCha20.</param>
        /// <param name="buffer">Where the bytes go.</param>
        /// <param name="offset">Where there.</param>
        /// <returns>How many bytes: at most <see cref="UsualLength"/> with a pre-shared key.</returns>
        /// <exception cref="ArgumentException">The key's length; or the buffer is too small. The association goes on.</exception>
        /// <exception cref="DtlsException">NotConnected: or a handshake runs, or a message of DTLS 1.3 has come in part. SessionClosed (or why it ended). NoEntropy: the association goes on.</exception>
        public override int Export(Association association, byte[] key, byte[] buffer, int offset)
        {
            CheckBuffer(association, key, buffer, offset);
            association.Engine.Enter();
            try
            {
                DurableState state = CheckMayBeSaved(association, false);
                Epoch read = association.ReadEpoch;
                Epoch before = BeforeOf(association);
                SavedContent content = new SavedContent(null);
                content.FirstWritable = association.WriteEpoch.NextSequence;
                content.FirstReadable = read.Window.Highest + 1;
                content.FirstReadableBefore = before == null ? 0 : before.Window.Highest + 1;
                content.Forged = read.Forged;
                int length = Write(association, state, content, key, buffer, offset);
                association.Engine.Life.End(association, DtlsError.Exported);
                return length;
            }
            finally
            {
                association.Engine.Leave();
            }
        }

        /// <summary>
        /// Takes an association back: a client's into the client's engine, a server's into a free place of the server's. It is connected
        /// at once, but held: it sends nothing and takes nothing before the next promise is stored (<see cref="WritePromise"/>,
        /// <see cref="PromiseStored"/>), or <see cref="SavedIsGone"/> was called.
        /// </summary>
        /// <param name="engine">This feature's engine.</param>
        /// <param name="key">The key that it was sealed under.</param>
        /// <param name="saved">Holds the bytes; they stay as they are.</param>
        /// <param name="offset">Where they begin.</param>
        /// <param name="count">How many, or more: what is behind them is not read.</param>
        /// <param name="minimumGeneration">Older bytes are refused (<see cref="GenerationOf"/>); 0 where the application keeps no such number.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <exception cref="ArgumentException">The bytes are no saved association, cut short, of another format, or need options that these are not; the key's length.</exception>
        /// <exception cref="DtlsException">
        /// DecryptError: another key, or the bytes were changed. IllegalParameter: they are older than the minimum. AlreadyConnected.
        /// NoFreeSession. Nothing has changed then.
        /// </exception>
        public override Association Import(AssociationHost engine, byte[] key, byte[] saved, int offset, int count, long minimumGeneration, long now)
        {
            if (engine == null || key == null)
            {
                throw new ArgumentNullException(engine == null ? "engine" : "key");
            }

            CheckSaved(saved, offset, count);
            engine.IndexOf(this);
            int length = SavedHeader.Check(saved, offset, count);
            byte[] copy = new byte[length];
            Array.Copy(saved, offset, copy, 0, length);
            engine.Enter();
            try
            {
                return Import(engine, key, copy, minimumGeneration, now);
            }
            finally
            {
                Array.Clear(copy, 0, length);
                engine.Leave();
            }
        }

        /// <summary>
        /// Writes the next promise of a connected association, which stays alive, and from the first one on is durable: it uses and takes
        /// no number beyond what is promised in bytes that are stored. Store them, replacing the ones before, and then call
        /// <see cref="PromiseStored"/>. Where storing fails, nothing
        /// has changed: call this again later; the first record that is refused for it asks again.
        /// </summary>
        /// <param name="association">Connected; a renegotiation may run, until the peer uses the keys that it makes.</param>
        /// <param name="key">The application's key, 16 or 32 bytes.</param>
        /// <param name="buffer">Where the bytes go.</param>
        /// <param name="offset">Where there.</param>
        /// <returns>How many bytes.</returns>
        /// <exception cref="ArgumentException">The key's length; or the buffer is too small.</exception>
        /// <exception cref="DtlsException">NotConnected: or a handshake changes the keys, or, before the first promise, a message of DTLS 1.3 has come in part. SessionClosed (or why it ended). NoEntropy.</exception>
        public override int WritePromise(Association association, byte[] key, byte[] buffer, int offset)
        {
            CheckBuffer(association, key, buffer, offset);
            association.Engine.Enter();
            try
            {
                DurableState state = CheckMayBeSaved(association, true);

                // A handshake of DTLS 1.2 may have made new keys that nobody uses yet: those that are used are still the ones that are
                // read with.
                Epoch read = association.ReadEpoch;
                Epoch write = association.Version == DtlsVersion.Dtls12 ? read : association.WriteEpoch;
                Epoch before = BeforeOf(association);
                state.PendingRead = null;
                state.Follow(read.Number);
                state.PendingWritable = Ahead(write.NextSequence - 1, _writeBlock, write.LastWritable);
                state.PendingReadable = Ahead(Higher(read.Window.Highest, state.Wanted), _readBlock, read.LastReadable);
                state.PendingReadableBefore = before == null ? -1 : Ahead(Higher(before.Window.Highest, state.WantedBefore), _readBlock, before.LastReadable);
                state.PendingForged = read.Forged + (read.ForgeryLimit / ForgeryShare);
                SavedContent content = new SavedContent(null);
                content.FirstWritable = state.PendingWritable + 1;
                content.FirstReadable = state.PendingReadable + 1;
                content.FirstReadableBefore = state.PendingReadableBefore + 1;
                content.Forged = state.PendingForged;
                int length;
                Epoch newest = association.WriteEpoch;
                association.WriteEpoch = write;
                try
                {
                    length = Write(association, state, content, key, buffer, offset);
                }
                finally
                {
                    association.WriteEpoch = newest;
                }

                state.IsAsked = true;
                state.PendingWrite = write;
                state.PendingRead = read;
                state.PendingBefore = before;
                if (association.Version != DtlsVersion.Dtls12)
                {
                    Bind(write, read);
                }

                return length;
            }
            finally
            {
                association.Engine.Leave();
            }
        }

        /// <summary>The promise that was written last is in stable storage now, and no older one is: its numbers may be used.</summary>
        /// <param name="association">The association.</param>
        /// <param name="saved">The bytes that were stored.</param>
        /// <param name="offset">Where they begin.</param>
        /// <exception cref="ArgumentException">They are not the promise that was written last.</exception>
        public override void PromiseStored(Association association, byte[] saved, int offset)
        {
            DurableState state = StateOf(association);
            CheckSaved(saved, offset, SavedHeader.Length);
            if (state == null)
            {
                // It has ended meanwhile.
                return;
            }

            if (state.PendingRead == null || SavedHeader.GenerationOf(saved, offset) != state.Generation)
            {
                throw new ArgumentException("This is not the promise that was written last: its numbers are not known any more.", "saved");
            }

            state.PendingWrite.LastWritable = state.PendingWritable;
            state.PendingRead.LastReadable = state.PendingReadable;
            if (state.PendingBefore != null)
            {
                state.PendingBefore.LastReadable = state.PendingReadableBefore;
            }

            state.PromisedForged = state.PendingForged;
            state.ForgetPending();
            state.IsDurable = true;
            state.IsAsked = false;
            for (int i = 0; i < association.Engine.Features.Length; i++)
            {
                association.Engine.Features[i].OnStored(association);
            }
        }

        /// <summary>
        /// The application has made sure that nothing that was saved of an association can be imported again: the bytes are erased, or
        /// the minimum generation that it imports by is above theirs, in stable storage. From now on the association sends and takes
        /// what it will, and a crash ends it. For one that was imported, or is durable and need not be any longer.
        /// </summary>
        public override void SavedIsGone(Association association)
        {
            DurableState state = StateOf(association);
            if (state != null)
            {
                state.ForgetPending();
                state.IsDurable = false;
                for (Epoch epoch = association.Epochs.Newest; epoch != null; epoch = epoch.Before)
                {
                    epoch.LastWritable = Epoch.LastSequence;
                    epoch.LastReadable = Epoch.LastSequence;
                }
            }
        }

        internal override void OnConnected(Association association, Handshake handshake, long now)
        {
            // A later version's part has the keys of its own.
            bool is12 = association.Version == DtlsVersion.Dtls12;
            byte[] keys = new byte[is12 ? Tls12KeySchedule.KeyBlockLength(handshake.Suite) : 0];
            DurableState before = (DurableState)association.GetState(this);
            DurableState state = new DurableState();
            if (is12 ? handshake.Role.KeySchedule.CopyKeys(handshake, keys) != keys.Length : SavedContent.IndexOf(association.Engine, VersionTag) < 0)
            {
                // Of a version that cannot be saved.
                return;
            }

            state.Keys = keys;
            association.SetState(this, state);
            if (before != null)
            {
                // New keys of an association that goes on: none of their numbers is in any storage yet.
                before.Clear();
                state.Generation = before.Generation;
                state.IsDurable = before.IsDurable;
                AskIf(before.IsDurable, association, state);
            }
        }

        internal override void OnRecord(Association association, bool isNewest, long now)
        {
            OnSent(association);
        }

        internal override void OnSent(Association association)
        {
            DurableState state = (DurableState)association.GetState(this);
            if (state != null && state.IsDurable && !state.IsAsked)
            {
                Epoch write = association.WriteEpoch;
                Epoch read = association.Version == DtlsVersion.Dtls12 ? write : association.ReadEpoch;
                AskIf(write.NextSequence > write.LastWritable - (_writeBlock / 2) || read.Window.Highest > read.LastReadable - (_readBlock / 2) || read.Forged > state.PromisedForged, association, state);
            }
        }

        internal override void OnUnpromised(Association association, long sequence)
        {
            DurableState state = (DurableState)association.GetState(this);
            bool isNewest = association.Engine.Header.Epoch == association.ReadEpoch.Number;
            if (state == null || (!isNewest && association.Version == DtlsVersion.Dtls12))
            {
                return;
            }

            state.Follow(association.ReadEpoch.Number);
            if (isNewest)
            {
                state.Wanted = Higher(sequence, state.Wanted);
            }
            else
            {
                state.WantedBefore = Higher(sequence, state.WantedBefore);
            }

            AskIf(true, association, state);
        }

        internal override void Forget(Association association)
        {
            DurableState state = (DurableState)association.GetState(this);
            if (state != null)
            {
                state.Clear();
                association.SetState(this, null);
            }
        }

        private Association Import(AssociationHost engine, byte[] key, byte[] saved, long minimumGeneration, long now)
        {
            int count = SavedSeal.Open(engine.Crypto, key, saved, saved.Length);
            if (count < 0)
            {
                throw new DtlsException(DtlsError.DecryptError, "The saved association does not open: it was sealed under another key, or has been changed.");
            }

            long generation = SavedHeader.GenerationOf(saved, 0);
            if (generation < minimumGeneration)
            {
                throw new DtlsException(DtlsError.IllegalParameter, "The saved association is older than what is known: generation " + generation.ToString() + ", and " + minimumGeneration.ToString() + " is the least.");
            }

            SavedContent content = new SavedContent(saved);
            bool isDone = false;
            try
            {
                content.Read(engine, SavedHeader.Length, count);
                content.Protect(engine);
                Association association = content.Restore(engine, now);
                DurableState state = new DurableState();
                state.Keys = content.Keys;
                state.Generation = generation;
                state.PromisedForged = content.Forged;
                association.SetState(this, state);
                engine.DeadlineChanged(association);
                AskIf(true, association, state);
                isDone = true;
                return association;
            }
            finally
            {
                if (!isDone)
                {
                    content.Clear();
                }
            }
        }

        private int Write(Association association, DurableState state, SavedContent content, byte[] key, byte[] buffer, int offset)
        {
            int room = buffer.Length - offset - SavedHeader.Length - SavedSeal.TagLength;
            WireWriter writer = new WireWriter();
            writer.Reset(buffer, offset, 0);
            int length = 0;
            content.Keys = state.Keys;
            try
            {
                if (room >= 0)
                {
                    writer.Reset(buffer, offset + SavedHeader.Length, room);
                    content.Write(association, writer);
                }

                if (room < 0 || writer.Failed)
                {
                    throw new ArgumentException("The " + (buffer.Length - offset).ToString() + " bytes from the offset on are too few for the association; " + UsualLength.ToString() + " are enough for most, 512 with Renegotiation and KeyExporter.", "buffer");
                }

                state.Generation++;
                length = SavedSeal.Seal(association.Engine.Crypto, key, state.Generation, buffer, offset, writer.Length);
                return length;
            }
            finally
            {
                if (length == 0)
                {
                    Array.Clear(buffer, writer.Position - writer.Length, writer.Length);
                }
            }
        }

        /// <summary>The epoch before the newest one that is read, while its keys are there, of a version that saves both; or null.</summary>
        private static Epoch BeforeOf(Association association)
        {
            Epoch before = association.Version == DtlsVersion.Dtls12 ? null : association.ReadEpoch.Before;
            return before != null && before.Window != null && before.IsReadable && before.ReadProtection != null ? before : null;
        }

        private static long Higher(long one, long other)
        {
            return one > other ? one : other;
        }

        private static void AskIf(bool asks, Association association, DurableState state)
        {
            if (asks)
            {
                state.IsAsked = true;
                association.Raise(AssociationEvents.PromiseWanted);
            }
        }

        /// <summary>
        /// These bytes may be what a later life goes on from, before anybody has said that they are stored: no number is refused for that, but new
        /// keys wait for a promise that knows of them, and so does the ACK of what brought them.
        /// </summary>
        private static void Bind(Epoch write, Epoch read)
        {
            write.LastWritable = write.LastWritable < Epoch.LastSequence ? write.LastWritable : Unlimited;
            read.LastReadable = read.LastReadable < Epoch.LastSequence ? read.LastReadable : Unlimited;
        }

        /// <summary>A block ahead of a number, and not behind what was promised already.</summary>
        private static long Ahead(long number, int block, long promised)
        {
            long last = number + block;
            last = promised < Unlimited && promised > last ? promised : last;
            return last < Epoch.LastSequence ? last : Epoch.LastSequence - 1;
        }

        private DurableState StateOf(Association association)
        {
            if (association == null)
            {
                throw new ArgumentNullException("association");
            }

            return (DurableState)association.GetState(this);
        }

        /// <summary>A promise may be written while a handshake runs within the association, as long as the peer uses the keys of before.</summary>
        private DurableState CheckMayBeSaved(Association association, bool isPromise)
        {
            if (association.State == AssociationState.Closed || association.State == AssociationState.Closing)
            {
                throw association.Ended();
            }

            DurableState state = StateOf(association);
            bool isBusy = association.Handshake != null && !(isPromise && association.ReadEpoch.IsProven);
            if (association.State != AssociationState.Connected || isBusy || state == null)
            {
                throw new DtlsException(DtlsError.NotConnected, "Only a connected association is saved, while no handshake runs in it.");
            }

            return state;
        }

        private void CheckBuffer(Association association, byte[] key, byte[] buffer, int offset)
        {
            StateOf(association);
            if (key == null || buffer == null)
            {
                throw new ArgumentNullException(key == null ? "key" : "buffer");
            }

            if (offset < 0 || offset > buffer.Length)
            {
                throw new ArgumentException("The offset " + offset.ToString() + " is not inside the buffer of " + buffer.Length.ToString() + ".", "offset");
            }
        }

        private static void CheckSaved(byte[] saved, int offset, int count)
        {
            if (saved == null)
            {
                throw new ArgumentNullException("saved");
            }

            if (offset < 0 || count < 0 || count > saved.Length - offset)
            {
                throw new ArgumentException("The range from " + offset.ToString() + " of " + count.ToString() + " bytes is not inside the buffer of " + saved.Length.ToString() + ".");
            }
        }

        private static int CheckBlock(int value)
        {
            if (value < 2 || value > LargestBlock)
            {
                throw new ArgumentOutOfRangeException("value", "A block has 2 to " + LargestBlock.ToString() + " numbers, not " + value.ToString() + ".");
            }

            return value;
        }
    }
}
