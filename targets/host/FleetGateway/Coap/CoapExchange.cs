using System;
using System.Collections.Generic;

namespace FleetGateway.Coap;

/// <summary>
/// One client's messages (RFC 7252 section 4): requests are answered, in the acknowledgement where they are confirmable; one that came
/// before gets the answer that it got; a ping and what is malformed are reset. Requests go to a handler that answers at once.
/// </summary>
internal sealed class CoapExchange(Func<CoapMessage, CoapMessage> handler)
{
    // Answers that are kept for requests that come again: a client waits for one at a time (NSTART, section 4.7), or a few.
    private const int MostKept = 16;

    private readonly Queue<ushort> _order = new();
    private readonly Dictionary<ushort, byte[]> _answers = [];
    private ushort _nextId = (ushort)Random.Shared.Next(ushort.MaxValue + 1);

    /// <summary>Takes a datagram; returns the one that answers it, or null.</summary>
    /// <param name="datagram">All of it.</param>
    /// <param name="most">Bytes that the answer has at the most: one that is longer is an error of the server's, as there are no blocks.</param>
    internal byte[]? Take(ReadOnlySpan<byte> datagram, int most)
    {
        bool isWell = CoapMessage.TryRead(datagram, out CoapMessage? message);
        if (message == null || message.Type is CoapMessage.Acknowledgement or CoapMessage.Reset)
        {
            return null; // Not of this version, or an answer to something that was not asked.
        }

        bool isConfirmable = message.Type == CoapMessage.Confirmable;
        if (!isWell || !message.IsRequest || (message.HasUnknownOption && !isConfirmable))
        {
            return isConfirmable ? new CoapMessage { Type = CoapMessage.Reset, Id = message.Id }.Write() : null;
        }

        if (_answers.TryGetValue(message.Id, out byte[]? before))
        {
            return isConfirmable && before.Length <= most ? before : null;
        }

        CoapMessage said = message.HasUnknownOption ? new CoapMessage { Code = CoapCode.BadOption } : handler(message);
        ushort id = isConfirmable ? message.Id : _nextId++;
        byte[] answer = Answer(message, id, said);
        if (answer.Length > most)
        {
            answer = Answer(message, id, new CoapMessage { Code = CoapCode.InternalServerError });
        }

        Keep(message.Id, answer);
        return answer;
    }

    private static byte[] Answer(CoapMessage request, ushort id, CoapMessage said)
    {
        CoapMessage answer = new()
        {
            Type = request.Type == CoapMessage.Confirmable ? CoapMessage.Acknowledgement : CoapMessage.NonConfirmable,
            Code = said.Code,
            Id = id,
            Token = request.Token,
            ContentFormat = said.ContentFormat,
            Payload = said.Payload,
        };
        return answer.Write();
    }

    private void Keep(ushort id, byte[] answer)
    {
        _answers[id] = answer;
        _order.Enqueue(id);
        if (_order.Count > MostKept)
        {
            _answers.Remove(_order.Dequeue());
        }
    }
}
