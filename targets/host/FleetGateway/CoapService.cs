using System;
using System.Text;
using System.Threading.Tasks;
using FleetGateway.Coap;
using FleetGateway.Fleet;
using NfDtls;
using NfDtls.Net;

namespace FleetGateway;

/// <summary>
/// What devices are answered over CoAP: `/telemetry/NAME` takes a value (PUT or POST) and tells it (GET), `/settings` tells what REST was
/// given, `/time` the time; `/.well-known/core` names them (RFC 6690).
/// </summary>
internal sealed class CoapService(DeviceRegistry registry, TimeProvider time, DeviceStates? states = null)
{
    private const int Text = 0;
    private const int Links = 40;
    private const int Json = 50;
    private const int MostValue = 256;
    private const int MostName = 32;

    /// <summary>Serves a connection until it ends.</summary>
    internal async Task ServeAsync(DtlsConnection connection)
    {
        Device? device = registry.Find(connection.PskIdentity is { } identity ? Encoding.UTF8.GetString(identity.Span) : null);
        if (device == null)
        {
            return;
        }

        device.Connect(connection);
        try
        {
            // What it told another node, and is to be told.
            await (states?.LoadAsync(device) ?? Task.CompletedTask);
            CoapExchange exchange = new(request => Answer(device, request));
            await foreach (DtlsDatagram datagram in connection.ReadAllAsync())
            {
                using (datagram)
                {
                    device.Hear(connection, time.GetUtcNow());
                    byte[]? answer = exchange.Take(datagram.Memory.Span, connection.MaxSendSize);
                    if (answer != null)
                    {
                        await connection.SendAsync(answer);
                    }
                }
            }
        }
        catch (DtlsException)
        {
            // The device has gone; it comes again.
        }
        finally
        {
            device.Disconnect(connection);
        }
    }

    private CoapMessage Answer(Device device, CoapMessage request)
    {
        return request.Path switch
        {
            [".well-known", "core"] => Tell(request, Links, "</telemetry>;rt=\"telemetry\",</settings>;ct=50,</time>;ct=0"),
            ["time"] => Tell(request, Text, time.GetUtcNow().ToString("O")),
            ["settings"] => Tell(request, Json, device.Settings),
            ["telemetry", { Length: > 0 and <= MostName } name] => Telemetry(device, request, name),
            _ => new CoapMessage { Code = CoapCode.NotFound },
        };
    }

    private CoapMessage Telemetry(Device device, CoapMessage request, string name)
    {
        if (request.Code == CoapCode.Get)
        {
            Reading? reading = device.Find(name);
            return reading == null ? new CoapMessage { Code = CoapCode.NotFound } : Tell(request, Text, reading.Value);
        }

        if (request.Code is not (CoapCode.Put or CoapCode.Post))
        {
            return new CoapMessage { Code = CoapCode.MethodNotAllowed };
        }

        if (request.ContentFormat is not (null or Text))
        {
            return new CoapMessage { Code = CoapCode.UnsupportedFormat };
        }

        Reading said = new(Encoding.UTF8.GetString(request.Payload), time.GetUtcNow());
        if (request.Payload.Length > MostValue || !device.Tell(name, said.Value, said.At))
        {
            return new CoapMessage { Code = CoapCode.TooLarge };
        }

        states?.Keep(device, name, said);
        return new CoapMessage { Code = CoapCode.Changed };
    }

    private static CoapMessage Tell(CoapMessage request, int format, string text)
    {
        if (request.Code != CoapCode.Get)
        {
            return new CoapMessage { Code = CoapCode.MethodNotAllowed };
        }

        return request.Accept is int wanted && wanted != format
            ? new CoapMessage { Code = CoapCode.NotAcceptable }
            : new CoapMessage { Code = CoapCode.Content, ContentFormat = format, Payload = Encoding.UTF8.GetBytes(text) };
    }
}
