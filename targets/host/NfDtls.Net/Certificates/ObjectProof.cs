using System;
using System.Collections.Generic;
using NfDtls.Ecdhe;
using NfDtls.X509;

namespace NfDtls.Net;

/// <summary>A peer's chain of certificates (RFC 5246 section 7.4.2, whose form those of DTLS 1.3 are put into first), copied out of its message and verified on the thread pool.</summary>
internal sealed class ObjectProof : PeerProof
{
    private readonly PeerTrust _trust;
    private readonly Action _wake;
    private byte[][] _sent = [];
    private DtlsCertificate? _leaf;

    internal ObjectProof(PeerTrust trust, Action wake)
    {
        _trust = trust;
        _wake = wake;
    }

    public override bool IsEmpty => _sent.Length == 0;

    public override PublicKey Key => _leaf!.PublicKey;

    public override DtlsError Read(Handshake handshake, WireReader reader)
    {
        int length = reader.ReadUInt24();
        int at = reader.Skip(length);
        if (reader.Failed)
        {
            return DtlsError.DecodeError;
        }

        EndpointOptions options = handshake.Options;
        if (length > options.MaxChainBytes + (3 * options.MaxChainLength))
        {
            return DtlsError.CertificateChainTooLarge;
        }

        DtlsError error = Split(reader.Buffer.AsSpan(at, length), options.MaxChainLength);
        if (error != DtlsError.None || IsEmpty)
        {
            return error;
        }

        try
        {
            _leaf = new DtlsCertificate(_sent[0]);
        }
        catch (ArgumentException)
        {
            return DtlsError.BadCertificate;
        }

        return _leaf.PublicKey.Kind == 0 ? DtlsError.UnsupportedCertificate : DtlsError.None;
    }

    public override CryptoOperation Verify(Handshake handshake)
    {
        return new Verification(_trust, _sent, _wake).Begin();
    }

    public override bool Allows(bool encrypts)
    {
        return _leaf!.Allows(encrypts ? KeyUsages.KeyEncipherment : KeyUsages.DigitalSignature);
    }

    public override byte[][] CopyCertificates()
    {
        return _sent; // A message's own, never written to.
    }

    public override void Clear()
    {
        _sent = [];
        _leaf = null;
    }

    private DtlsError Split(ReadOnlySpan<byte> list, int most)
    {
        List<byte[]> all = [];
        while (!list.IsEmpty)
        {
            if (list.Length < 3)
            {
                return DtlsError.DecodeError;
            }

            int length = (list[0] << 16) | (list[1] << 8) | list[2];
            if (length == 0 || length > list.Length - 3)
            {
                return DtlsError.DecodeError;
            }

            if (all.Count == most)
            {
                return DtlsError.CertificateChainTooLarge;
            }

            all.Add(list.Slice(3, length).ToArray());
            list = list[(3 + length)..];
        }

        _sent = all.ToArray();
        return DtlsError.None;
    }

    private sealed class Verification : PoolOperation
    {
        private readonly PeerTrust _trust;
        private readonly byte[][] _sent;

        internal Verification(PeerTrust trust, byte[][] sent, Action wake)
            : base(wake)
        {
            _trust = trust;
            _sent = sent;
        }

        private protected override DtlsError Work()
        {
            return _trust.Verify(_sent);
        }
    }
}
