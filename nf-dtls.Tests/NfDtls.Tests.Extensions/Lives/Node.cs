using System;
using System.Collections.Generic;
using NfDtls.Extensions;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Extensions;

/// <summary>
/// One end of a connection with everything: connection IDs, checks of paths, promises, resumption, renegotiation, sizes, names and exported keys. Its storage holds the
/// newest promise or export and, at a client, the session to be resumed; all else is lost in a crash. Its application numbers
/// what it sends, acknowledges what it reads, and reads nothing twice.
/// </summary>
internal abstract class Node
{
    protected const int IdLength = 8;

    private const string Protocol = "lives";
    private const string ServerName = "lives.example";
    private const int LeastLimit = 64;
    private const int LimitRange = 200;

    private readonly SealRecorder _recorder;
    private readonly Dictionary<int, int> _delivered = new();
    private readonly HashSet<int> _acknowledged = new();
    private readonly Queue<int> _owed = new();
    private readonly CipherSuite _suite;
    private int _seed;
    private int _next;

    protected Node(VirtualNetwork network, Random random, SealRecorder recorder, CipherSuite suite, int seed)
    {
        Network = network;
        Random = random;
        _recorder = recorder;
        _suite = suite;
        _seed = seed;
    }

    internal Tally Tally { get; } = new();

    internal int Delivered
    {
        get { return _delivered.Count; }
    }

    internal abstract Association? Association { get; }

    internal bool IsConnected
    {
        get { return Association != null && Association.State == AssociationState.Connected; }
    }

    protected VirtualNetwork Network { get; }

    protected Random Random { get; }

    protected byte[]? Stored { get; set; }

    protected DurableAssociations Saver { get; private set; } = new();

    protected abstract AssociationHost Engine { get; }

    /// <summary>What is read off the wire by the other end comes in these two forms: 'd' and a number, 'a' and a number.</summary>
    internal void Send()
    {
        while (_owed.Count > 0 && TrySend('a', _owed.Peek()))
        {
            _owed.Dequeue();
        }

        if (TrySend('d', _next))
        {
            _next++;
        }
    }

    /// <summary>The application reads what came.</summary>
    internal void Receive()
    {
        byte[] buffer = new byte[2000];
        while (IsConnected && Association!.Pending > 0)
        {
            int length = Association.Receive(buffer, 0);
            int number = BitConverter.ToInt32(buffer, 1);
            if (buffer[0] == 'a')
            {
                _acknowledged.Add(number);
                continue;
            }

            if (length < 5 || !_delivered.TryAdd(number, 1))
            {
                throw new InvalidOperationException("Delivered twice: " + number + ".");
            }

            _owed.Enqueue(number);
        }
    }

    /// <summary>What both ends agreed on is still known, whatever has happened since, and they export the same keys.</summary>
    internal void VerifyAgreedWith(Node other)
    {
        foreach (Node node in new[] { this, other })
        {
            if (node.Association!.ApplicationProtocol != Protocol || node.Association.MaxPayload >= LeastLimit + LimitRange)
            {
                throw new InvalidOperationException("The agreement is lost: " + node.Association.ApplicationProtocol + ", " + node.Association.MaxPayload + " bytes.");
            }
        }

        byte[] ours = new byte[32];
        byte[] theirs = new byte[32];
        Association!.ExportKey("EXPERIMENTAL", null, ours, 0, ours.Length);
        other.Association!.ExportKey("EXPERIMENTAL", null, theirs, 0, theirs.Length);
        if (!ours.AsSpan().SequenceEqual(theirs))
        {
            throw new InvalidOperationException("Both ends export other keys.");
        }
    }

    /// <summary>What the other end has acknowledged it has read, each once.</summary>
    internal int CountAcknowledged(Node other)
    {
        foreach (int number in _acknowledged)
        {
            if (!other._delivered.TryGetValue(number, out int times) || times != 1)
            {
                throw new InvalidOperationException("Acknowledged, and read " + times + " times: " + number + ".");
            }
        }

        return _acknowledged.Count;
    }

    /// <summary>Stores the next promise, or crashes on the way to it, or the storage fails.</summary>
    internal void Store(double crash)
    {
        if (!IsConnected)
        {
            return;
        }

        byte[] buffer = new byte[600];
        int length;
        try
        {
            length = Saver.WritePromise(Association, SleepBed.Key, buffer, 0);
        }
        catch (DtlsException e) when (e.Error == DtlsError.NotConnected)
        {
            // The keys change just now.
            return;
        }

        if (Random.NextDouble() < crash)
        {
            Crash();
            return;
        }

        Stored = buffer.AsSpan(0, length).ToArray();
        Tally.Stored++;
        if (Random.NextDouble() < crash)
        {
            Crash();
            return;
        }

        Saver.PromiseStored(Association, buffer, 0);
    }

    /// <summary>RAM is lost.</summary>
    internal void Crash()
    {
        Tally.Crashes++;
        Boot();
        Wake();
    }

    /// <summary>Sleeps in order; the export may be lost all the same, and then an older promise is there.</summary>
    internal void Sleep(double lost)
    {
        if (!IsConnected || Association!.Handshake != null)
        {
            return;
        }

        Receive();
        Tally.Sleeps++;
        byte[] saved = SleepBed.Export(Saver, Association);
        Stored = Random.NextDouble() < lost ? Stored : saved;
        Network.Flush();
        Boot();
        Wake();
    }

    internal void Renegotiate()
    {
        if (IsConnected && Association!.Handshake == null && Association.WriteEpoch.MaySeal)
        {
            try
            {
                ((DtlsEngine)Engine).Renegotiate(Association, Network.Now);
                Tally.Renegotiations++;
            }
            catch (DtlsException e) when (e.Error == DtlsError.SequenceExhausted)
            {
                // There are too few promised numbers left for it.
            }
        }
    }

    /// <summary>Whether the next promise is wanted.</summary>
    internal abstract bool TakeAsked();

    protected abstract void Boot();

    protected DtlsOptions MakeOptions(SessionResumption resumption)
    {
        _seed++;
        DtlsOptions options = TestBed.Options(_seed);
        options.Crypto = new RecordingProvider(options.Crypto, _recorder);
        options.Suites = TestBed.Only(_suite);
        options.PoolPackets = 32;
        options.ReceiveQueue = 16;
        options.MaxSessions = 16;
        Saver = new DurableAssociations { WriteBlock = 4 + Random.Next(240), ReadBlock = 2 + Random.Next(20) };
        options.Features = new Feature[]
        {
            new ConnectionIdFeature(IdLength), new ReturnRoutability { AsksOldPath = false }, new Renegotiation { AllowPeer = true, PeerInterval = 0 }, resumption,
            new RecordSizeLimit(LeastLimit + Random.Next(LimitRange)), new ApplicationProtocols(new[] { Protocol }), new ServerNames(), new KeyExporter(), Saver,
        };
        options.ServerName = ServerName;
        return options;
    }

    private void Wake()
    {
        if (Stored != null)
        {
            Saver.Import(Engine, SleepBed.Key, Stored, 0, Stored.Length, 0, Network.Now);
        }
    }

    private bool TrySend(char kind, int number)
    {
        if (!IsConnected)
        {
            return false;
        }

        byte[] data = new byte[5 + Random.Next(40)];
        data[0] = (byte)kind;
        BitConverter.TryWriteBytes(data.AsSpan(1), number);
        try
        {
            Association!.Send(data, 0, data.Length, Network.Now);
        }
        catch (DtlsException e) when (e.Error == DtlsError.PromiseNotStored)
        {
            Tally.Refused++;
            return false;
        }

        Network.Flush();
        return true;
    }
}
