using System;
using System.Collections.Generic;
using System.Text;
using NfDtls.Dtls13;

namespace NfDtls.Tool;

/// <summary>A whole handshake message of DTLS 1.2 or 1.3, and what of it the session needs to know for what follows.</summary>
internal sealed class MessageDecoder
{
    private readonly Session _session;

    public MessageDecoder(Session session)
    {
        _session = session;
    }

    /// <summary>Reads a body into a message's node; what is malformed is told there.</summary>
    public void Read(int type, ReadOnlySpan<byte> body, bool fromClient, Node to)
    {
        try
        {
            ByteReader reader = new ByteReader(body);
            ReadBody(type, ref reader, fromClient, to);
            if (reader.Left > 0)
            {
                to.With("malformed", $"{reader.Left} bytes stand behind what belongs there");
            }
        }
        catch (MalformedException e)
        {
            to.With("malformed", e.Message);
        }
    }

    private void ReadBody(int type, ref ByteReader reader, bool fromClient, Node to)
    {
        switch (type)
        {
            case HandshakeType.ClientHello:
                ReadClientHello(ref reader, to);
                break;
            case HandshakeType.ServerHello:
                ReadServerHello(ref reader, to);
                break;
            case HandshakeType.HelloVerifyRequest:
                to.With("version", WireNames.OfVersion(reader.U16())).With("cookie", reader.Vector(1).ToArray());
                break;
            case HandshakeType13.EncryptedExtensions:
                ExtensionDecoder.Read(ref reader, to, type);
                break;
            case HandshakeType.Certificate:
                ReadCertificate(ref reader, to);
                break;
            case HandshakeType.ServerKeyExchange:
                ReadServerKeyExchange(ref reader, to);
                break;
            case HandshakeType.CertificateRequest:
                ReadCertificateRequest(ref reader, to);
                break;
            case HandshakeType.ClientKeyExchange:
                ReadClientKeyExchange(ref reader, to);
                break;
            case HandshakeType.CertificateVerify:
                to.With("scheme", WireNames.OfScheme(reader.U16())).With("signature", reader.Vector(2).ToArray());
                break;
            case HandshakeType.Finished:
                to.With("verify data", reader.Rest().ToArray());
                break;
            case HandshakeType.NewSessionTicket:
                ReadTicket(ref reader, to);
                break;
            case HandshakeType13.KeyUpdate:
                to.With("wants one too", reader.U8() == 1);
                break;
            case HandshakeType13.RequestConnectionId:
                to.With("wanted", reader.U8());
                break;
            case HandshakeType13.NewConnectionId:
                ReadIds(ref reader, fromClient, to);
                break;
            default:
                if (reader.Left > 0)
                {
                    to.With("content", reader.Rest().ToArray());
                }

                break;
        }
    }

    private void ReadClientHello(ref ByteReader reader, Node to)
    {
        to.With("version", WireNames.OfVersion(reader.U16()));
        byte[] random = reader.Bytes(32);
        to.With("random", random).With("session id", reader.Vector(1).ToArray()).With("cookie", reader.Vector(1).ToArray())
            .With("suites", ExtensionDecoder.Numbers(reader.Vector(2), 2, WireNames.OfSuite))
            .With("compression", ExtensionDecoder.Numbers(reader.Vector(1), 1, c => c == 0 ? "none" : $"method {c}"));
        ExtensionDecoder.Read(ref reader, to, HandshakeType.ClientHello);
        _session.TakeClientHello(random, IdIn(to));
    }

    private void ReadServerHello(ref ByteReader reader, Node to)
    {
        int version = reader.U16();
        byte[] random = reader.Bytes(32);
        bool isRetry = random.AsSpan().SequenceEqual(HelloRetry.Random);
        if (isRetry)
        {
            to.Title = to.Title.Replace("ServerHello", "HelloRetryRequest", StringComparison.Ordinal);
            to.With("_retry", true);
        }

        byte[] sessionId = reader.Vector(1).ToArray();
        int suite = reader.U16();
        to.With("version", WireNames.OfVersion(version)).With("random", random).With("session id", sessionId)
            .With("suite", WireNames.OfSuite(suite)).With("compression", reader.U8() == 0 ? "none" : "some");
        ExtensionDecoder.Read(ref reader, to, HandshakeType.ServerHello, isRetry);
        bool is13 = FieldOf(to, "supported_versions", "versions") is List<string> { Count: 1 } versions && versions[0] == "DTLS 1.3";
        _session.TakeServerHello(random, suite, is13, isRetry, Has(to, "encrypt_then_mac"), IdIn(to));
        to.With("spoken", is13 ? "DTLS 1.3" : WireNames.OfVersion(version));
    }

    private void ReadCertificate(ref ByteReader reader, Node to)
    {
        if (_session.Is13)
        {
            to.With("context", reader.Vector(1).ToArray());
        }

        ByteReader list = new ByteReader(reader.Vector(3));
        if (!_session.Is13 && CertificateText.IsRawKey(reader, list))
        {
            // A raw public key of DTLS 1.2 stands alone (RFC 7250 section 3).
            to.Add(CertificateText.Of(list.Rest().ToArray()));
            return;
        }

        while (list.Left > 0)
        {
            Node certificate = to.Add(CertificateText.Of(list.Vector(3).ToArray()));
            if (_session.Is13)
            {
                ExtensionDecoder.Read(ref list, certificate, HandshakeType.Certificate);
            }
        }
    }

    private void ReadServerKeyExchange(ref ByteReader reader, Node to)
    {
        string suite = WireNames.OfSuite(_session.SuiteId);
        bool isPsk = suite.Contains("PSK", StringComparison.Ordinal);
        if (isPsk)
        {
            to.With("hint", Screen.Printable(reader.Vector(2).ToArray()));
        }

        if (!suite.Contains("ECDHE", StringComparison.Ordinal))
        {
            if (reader.Left > 0)
            {
                to.With("content", reader.Rest().ToArray());
            }

            return;
        }

        int curve = reader.U8();
        if (curve != 3)
        {
            throw new MalformedException($"the curve is of type {curve}, not a named one");
        }

        to.With("group", WireNames.OfGroup(reader.U16())).With("key", reader.Vector(1).ToArray());
        if (!isPsk)
        {
            to.With("scheme", WireNames.OfScheme(reader.U16())).With("signature", reader.Vector(2).ToArray());
        }
    }

    private void ReadCertificateRequest(ref ByteReader reader, Node to)
    {
        if (_session.Is13)
        {
            to.With("context", reader.Vector(1).ToArray());
            ExtensionDecoder.Read(ref reader, to, HandshakeType.CertificateRequest);
            return;
        }

        to.With("types", ExtensionDecoder.Numbers(reader.Vector(1), 1, t => t == 1 ? "rsa_sign" : t == 64 ? "ecdsa_sign" : $"type {t}"))
            .With("schemes", ExtensionDecoder.Numbers(reader.Vector(2), 2, WireNames.OfScheme))
            .With("authorities", CertificateText.Names(new ByteReader(reader.Vector(2))));
    }

    private void ReadClientKeyExchange(ref ByteReader reader, Node to)
    {
        string suite = WireNames.OfSuite(_session.SuiteId);
        if (suite.Contains("PSK", StringComparison.Ordinal))
        {
            byte[] identity = reader.Vector(2).ToArray();
            to.With("identity", identity).With("as text", Screen.Printable(identity));
        }

        if (suite.Contains("ECDHE", StringComparison.Ordinal))
        {
            to.With("key", reader.Vector(1).ToArray());
        }
        else if (reader.Left > 0)
        {
            to.With("content", reader.Rest().ToArray());
        }
    }

    private void ReadTicket(ref ByteReader reader, Node to)
    {
        to.With("lifetime", reader.U32());
        if (!_session.Is13)
        {
            to.With("ticket", reader.Vector(2).ToArray());
            return;
        }

        to.With("age add", reader.U32()).With("nonce", reader.Vector(1).ToArray()).With("ticket", reader.Vector(2).ToArray());
        ExtensionDecoder.Read(ref reader, to, HandshakeType.NewSessionTicket);
    }

    private void ReadIds(ref ByteReader reader, bool fromClient, Node to)
    {
        List<string> ids = [];
        ByteReader list = new ByteReader(reader.Vector(2));
        while (list.Left > 0)
        {
            byte[] id = list.Vector(1).ToArray();
            ids.Add(Convert.ToHexStringLower(id));
            _session.TakeId(!fromClient, id);
        }

        to.With("ids", ids).With("at once", reader.U8() == 0);
    }

    private static byte[]? IdIn(Node message)
    {
        return FieldOf(message, "connection_id", "id") as byte[];
    }

    private static object? FieldOf(Node message, string extension, string field)
    {
        foreach (Node part in message.Parts)
        {
            if (part.Get("_name") is string name && name == extension)
            {
                return part.Get(field);
            }
        }

        return null;
    }

    private static bool Has(Node message, string extension)
    {
        foreach (Node part in message.Parts)
        {
            if (part.Get("_name") is string name && name == extension)
            {
                return true;
            }
        }

        return false;
    }
}
