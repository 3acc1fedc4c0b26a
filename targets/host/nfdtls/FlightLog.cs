using System.Collections.Generic;
using System.Linq;
using NfDtls.Dtls13;

namespace NfDtls.Tool;

/// <summary>
/// Turns what the engine tells into lines. Given a client's counters it tells the peer's flights, too: what came in
/// between two flights of our own.
/// </summary>
internal sealed class FlightLog : TraceSink
{
    private readonly TraceLines _lines;
    private readonly string _name;
    private readonly bool _flights;
    private readonly bool _details;
    private readonly List<string> _sent = [];
    private readonly List<string> _accepted = [];
    private DtlsStatistics? _counters;
    private long _received;

    // DTLS 1.3 has no ChangeCipherSpec, and EncryptedExtensions.
    private bool _isNewer;

    /// <param name="lines">Where the lines go.</param>
    /// <param name="name">What begins each line, to tell two ends apart; may be empty.</param>
    /// <param name="flights">Whether to tell flights.</param>
    /// <param name="details">Whether to tell everything else.</param>
    public FlightLog(TraceLines lines, string name, bool flights, bool details)
    {
        _lines = lines;
        _name = name;
        _flights = flights;
        _details = details;
    }

    /// <summary>Has the peer's flights told, too; for one that has a single peer.</summary>
    public void Follow(DtlsStatistics counters)
    {
        lock (_sent)
        {
            _counters = counters;
        }
    }

    public override void Write(string what, int a, int b)
    {
        lock (_sent)
        {
            switch (what)
            {
                case "message sent":
                    _sent.Add(DtlsNames.OfMessage(a));
                    _isNewer = a == HandshakeType13.EncryptedExtensions || (_isNewer && a != HandshakeType.ServerHello);
                    Detail($"sent {DtlsNames.OfMessage(a)}, {b} bytes");
                    break;
                case "message accepted":
                    _accepted.Add(DtlsNames.OfMessage(a));
                    _isNewer |= a == HandshakeType13.EncryptedExtensions;
                    Detail($"accepted {DtlsNames.OfMessage(a)}, {b} bytes");
                    break;
                case "ack sent":
                    EndReceived();
                    Add($"-->              ACK of {a} {(a == 1 ? "record" : "records")}");
                    break;
                case "ack received":
                    _accepted.Add("ACK");
                    Detail($"accepted an ACK of {a} {(a == 1 ? "record" : "records")}");
                    break;
                case "flight sent":
                    NameRetry();
                    EndReceived();
                    Flight("-->", b, _sent);
                    break;
                case "flight resent":
                    EndReceived();
                    Add($"--> {b,5} bytes  again, {a} {(a == 1 ? "message" : "messages")}");
                    break;
                case "record dropped":
                    Detail($"dropped: {DtlsNames.OfDrop(a)} ({b})");
                    break;
                case "state":
                    Detail($"state {(AssociationState)a}");
                    break;
                case "alert sent":
                    Detail($"sent alert {DtlsNames.OfAlert(a)}, level {b}");
                    break;
                case "alert received":
                    Detail($"received alert {DtlsNames.OfAlert(a)}, level {b}");
                    break;
                default:
                    Detail($"{what} {a} {b}");
                    break;
            }
        }
    }

    /// <summary>The handshake is over: tells the peer's last flight and follows no longer.</summary>
    public void End()
    {
        lock (_sent)
        {
            EndReceived();
            _counters = null;
        }
    }

    /// <summary>A ServerHello that a ClientHello follows on was a HelloRetryRequest.</summary>
    private void NameRetry()
    {
        int last = _accepted.Count - 1;
        if (last >= 0 && _accepted[last] == DtlsNames.OfMessage(HandshakeType.ServerHello) && _sent.Contains(DtlsNames.OfMessage(HandshakeType.ClientHello)))
        {
            _accepted[last] = "HelloRetryRequest";
        }
    }

    private void EndReceived()
    {
        if (_counters != null && _counters.BytesReceived > _received)
        {
            Flight("<--", _counters.BytesReceived - _received, _accepted);
            _received = _counters.BytesReceived;
        }

        _accepted.Clear();
    }

    private void Flight(string arrow, long bytes, List<string> messages)
    {
        // A ChangeCipherSpec, which is no handshake message, goes before every Finished of DTLS 1.2.
        string names = messages.Count == 0 ? "again" : string.Join(", ", messages.Select(m => m == "Finished" && !_isNewer ? "ChangeCipherSpec, Finished" : m));
        Add($"{arrow} {bytes,5} bytes  {names}");
        messages.Clear();
    }

    private void Detail(string text)
    {
        if (_details)
        {
            _lines.Add(_name + "      " + text);
        }
    }

    private void Add(string text)
    {
        if (_flights)
        {
            _lines.Add(_name + text);
        }
    }
}
