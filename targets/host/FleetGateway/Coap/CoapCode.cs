namespace FleetGateway.Coap;

/// <summary>Codes of CoAP (RFC 7252 section 12.1): a class of three bits and a detail of five.</summary>
internal static class CoapCode
{
    internal const byte Empty = 0;
    internal const byte Get = 1;
    internal const byte Post = 2;
    internal const byte Put = 3;
    internal const byte LastMethod = 31;
    internal const byte Changed = (2 << 5) | 4;
    internal const byte Content = (2 << 5) | 5;
    internal const byte BadRequest = 4 << 5;
    internal const byte BadOption = (4 << 5) | 2;
    internal const byte NotFound = (4 << 5) | 4;
    internal const byte MethodNotAllowed = (4 << 5) | 5;
    internal const byte NotAcceptable = (4 << 5) | 6;
    internal const byte TooLarge = (4 << 5) | 13;
    internal const byte UnsupportedFormat = (4 << 5) | 15;
    internal const byte InternalServerError = 5 << 5;
}
