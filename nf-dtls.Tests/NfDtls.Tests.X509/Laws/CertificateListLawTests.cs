using System;
using System.Linq;
using CsCheck;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using NfDtls.Tests.Ca;
using NfDtls.Tests.Engine;
using NfDtls.X509;

namespace NfDtls.Tests.X509.Laws;

/// <summary>What a Certificate message of DTLS 1.2 says is what was put into it, and cut at any place it says less or nothing.</summary>
[TestClass]
public sealed class CertificateListLawTests
{
    private const int Most = 5;

    private readonly WireReader _reader = new();
    private readonly WireWriter _writer = new();
    private readonly byte[] _buffer = new byte[20_000];
    private readonly DtlsCertificate[] _received = [.. Enumerable.Range(0, Most).Select(_ => new DtlsCertificate())];

    [TestMethod]
    public void ACertificateListHasItsCertificatesInTheirOrder()
    {
        IssuedCertificate root = TestCa.SelfSigned(CertificateSpec.Authority("root"));
        IssuedCertificate own = TestCa.Issue(root, CertificateSpec.End(Bench.Host));
        byte[][] others = [root.Der, .. TestCa.Chain(4, CertificateSpec.End("other.example", "another.example")).Select(certificate => certificate.Der)];
        PrivateKey key = PrivateKeyReader.Read(own.Key.Pkcs8);
        Law.Holds(Gen.Int[0, others.Length - 1].Array[0, Most], 25, chain =>
        {
            var store = new CertificateStore(Bench.NewCrypto());
            store.AddLocal(new DtlsCertificate(own.Der), [.. chain.Select(index => new DtlsCertificate(others[index]))], key);
            var credential = new CertificateCredential(store.At(0)!.Local!);
            byte[][] expected = [own.Der, .. chain.Select(index => others[index])];
            _writer.Reset(_buffer, 0, _buffer.Length);
            credential.Write(_writer);
            Assert.AreEqual(credential.MessageLength, _writer.Length);
            _reader.Reset(_buffer, 0, _writer.Length);
            int length = _reader.ReadUInt24();
            Assert.AreEqual(_reader.Remaining, length);
            byte[] list = _buffer.AsSpan(3, length).ToArray();
            if (expected.Length > Most)
            {
                Assert.AreEqual(DtlsError.CertificateChainTooLarge, Read(list, length, out _));
                return;
            }

            Assert.AreEqual(DtlsError.None, Read(list, length, out byte[][] read));
            Assert.HasCount(expected.Length, read);
            Assert.IsTrue(expected.Zip(read).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));

            // Between two certificates a list may end; anywhere else it may not, and it must not be empty.
            int whole = 0;
            int end = 0;
            for (int cut = 0; cut < length; cut++)
            {
                while (whole < expected.Length && cut == end + 3 + expected[whole].Length)
                {
                    end += 3 + expected[whole++].Length;
                }

                DtlsError error = Read(list, cut, out read);
                Assert.AreEqual(cut == 0 ? DtlsError.CertificateMissing : cut == end ? DtlsError.None : DtlsError.DecodeError, error, "cut at " + cut);
                Assert.AreEqual(cut == end ? whole : 0, error == DtlsError.None ? read.Length : 0);
            }

            // And the last one, cut itself, is none.
            int last = expected[^1].Length;
            int at = length - last - 3;
            list[at] = (byte)((last - 1) >> 16);
            list[at + 1] = (byte)((last - 1) >> 8);
            list[at + 2] = (byte)(last - 1);
            Assert.AreEqual(DtlsError.BadCertificate, Read(list, length - 1, out _));
        });
    }

    private DtlsError Read(byte[] list, int count, out byte[][] certificates)
    {
        var reading = new CertificateReading(_received);
        reading.Clear();
        DtlsError error = reading.Begin(_reader, list, 0, count);
        for (int turns = 1000; error == DtlsError.None && !reading.Step(ref turns, out error); turns = 1000)
        {
        }

        certificates = error == DtlsError.None
            ? [.. _received.Take(reading.Count).Select(certificate => certificate.Buffer.AsSpan(certificate.Offset, certificate.Count).ToArray())]
            : [];
        reading.Clear();
        return error;
    }
}
