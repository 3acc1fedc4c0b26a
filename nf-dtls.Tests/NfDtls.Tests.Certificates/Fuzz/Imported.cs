using System;
using System.Collections.Generic;
using System.Linq;
using NfDtls.Dtls13;
using NfDtls.Dtls13.Server;
using NfDtls.Extensions;
using NfDtls.Server;
using NfDtls.Tests.Engine;

namespace NfDtls.Tests.Certificates.Fuzz;

/// <summary>
/// A saved association: as bytes from a storage that anybody may have written to, or sealed under the right key, whatever stands in
/// it. It is taken back or refused as the documentation says; and what was taken back lives, and ends, like any other.
/// </summary>
internal static class Imported
{
    private const int HeaderLength = 22;
    private const int NonceAt = 10;
    private const int OfServer = 1;
    private const int Is13 = 2;
    private const int IsRaw = 4;

    private static readonly byte[] s_key = TestBed.Bytes(16, 0x70);

    /// <summary>Whose it is, of which version and whether it is sealed already in the first byte; then the bytes, or the content.</summary>
    internal static void Play(byte[] input)
    {
        if (input.Length == 0 || input.Length > 1500)
        {
            return;
        }

        bool ofServer = (input[0] & OfServer) != 0;
        DtlsOptions options = Options(ofServer, (input[0] & Is13) != 0);
        DurableAssociations saver = (DurableAssociations)options.Features[^1];
        byte[] saved = (input[0] & IsRaw) != 0 ? input[1..] : Seal(options.Crypto, input[1..]);
        DtlsEngine engine = ofServer ? new DtlsServerEngine(options) : new DtlsClientEngine(options);
        byte[] before = (byte[])saved.Clone();
        Association association;
        try
        {
            association = saver.Import((AssociationHost)engine, s_key, saved, 0, saved.Length, 0, 1_000_000);
        }
        catch (Exception e) when (e is ArgumentException or DtlsException { Error: DtlsError.DecryptError or DtlsError.IllegalParameter })
        {
            End(engine);
            return;
        }

        if (!saved.AsSpan().SequenceEqual(before))
        {
            throw new InvalidOperationException("the saved bytes are changed");
        }

        Live(engine, saver, association);
        End(engine);
    }

    /// <summary>What our own ends save, in either version and role: sealed, and the content alone.</summary>
    internal static IEnumerable<byte[]> Seeds()
    {
        foreach (bool is13 in new[] { false, true })
        {
            DtlsOptions client = Options(false, is13);
            DtlsOptions server = Options(true, is13);
            TestBed bed = new TestBed(client, server).Connect();
            bed.Network.Run(500);
            foreach (bool ofServer in new[] { false, true })
            {
                DtlsOptions options = ofServer ? server : client;
                byte[] buffer = new byte[1000];
                int length = ((DurableAssociations)options.Features[^1]).Export(ofServer ? bed.ServerAssociation! : bed.Client.Association, s_key, buffer, 0);
                byte[] saved = buffer[..length];
                byte first = (byte)((ofServer ? OfServer : 0) | (is13 ? Is13 : 0));
                yield return [(byte)(first | IsRaw), .. saved];
                AeadContext aead = options.Crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, s_key, 0, 16);
                if (aead.Open(saved, NonceAt, saved, 0, HeaderLength, saved, HeaderLength, length - HeaderLength - 16))
                {
                    yield return [first, .. saved[HeaderLength..^16]];
                }
            }
        }
    }

    private static DtlsOptions Options(bool ofServer, bool is13)
    {
        DtlsOptions options = TestBed.Options(ofServer ? 2 : 1);
        if (is13)
        {
            options.Suites = Suites13.Constrained();
            options.Versions = new VersionTable().Add(ofServer ? new ServerVersion13([], true) : new Version13([], true));
        }

        Feature[] features = [new ConnectionIdFeature(4), new ReturnRoutability(), new SessionResumption(), new DurableAssociations()];
        options.Features = is13 ? features : [new Renegotiation(), .. features];
        return options;
    }

    private static byte[] Seal(CryptoProvider crypto, byte[] content)
    {
        int length = HeaderLength + content.Length + 16;
        byte[] saved = [0x4E, 0x44, 1, CryptoAlgorithm.Aes128Ccm, (byte)(length >> 8), (byte)length, 0, 0, 0, 1, .. new byte[12], .. content, .. new byte[16]];
        AeadContext aead = crypto.CreateAead(CryptoAlgorithm.Aes128Ccm, s_key, 0, 16);
        aead.Seal(saved, NonceAt, saved, 0, HeaderLength, saved, HeaderLength, content.Length);
        return saved;
    }

    /// <summary>It stores a promise, says something, hears something that is no record of it, is saved again, and waits.</summary>
    private static void Live(DtlsEngine engine, DurableAssociations saver, Association association)
    {
        long now = 1_000_010;
        byte[] buffer = new byte[2000];
        try
        {
            int length = saver.WritePromise(association, s_key, buffer, 0);
            saver.PromiseStored(association, buffer, 0);
            association.Send(buffer, 0, Math.Min(length, 20), now);
        }
        catch (Exception e) when (e is ArgumentException or DtlsException)
        {
            // It has no number left, or what it says of itself is too long to be saved again.
        }

        Take(engine, now);
        byte[] record = TestBed.Record(ContentType.ApplicationData, 1, 5, new byte[30]);
        if (engine is DtlsServerEngine server)
        {
            server.HandleDatagram(record, 0, record.Length, TestBed.Address, TestBed.Address.Length, now);
        }
        else
        {
            ((DtlsClientEngine)engine).HandleDatagram(record, 0, record.Length, now);
        }

        for (int i = 0; i < 20 && engine.NextDeadline < long.MaxValue; i++)
        {
            now = Math.Max(now, engine.NextDeadline);
            engine.HandleTimeout(now);
            Take(engine, now);
        }
    }

    private static void Take(DtlsEngine engine, long now)
    {
        for (Packet packet = engine.PollDatagram(now); packet != null; packet = engine.PollDatagram(now))
        {
            packet.Return();
        }

        Exception? failure = engine.TakeFailure();
        if (failure != null)
        {
            throw new InvalidOperationException("something threw inside of the engine: " + failure.Message, failure);
        }
    }

    private static void End(DtlsEngine engine)
    {
        Take(engine, 2_000_000);
        if (engine is DtlsServerEngine server)
        {
            server.Reset();
        }
        else
        {
            ((DtlsClientEngine)engine).Reset();
        }

        if (engine.Pool.Count != engine.Pool.Available)
        {
            throw new InvalidOperationException("a packet is kept");
        }
    }
}
