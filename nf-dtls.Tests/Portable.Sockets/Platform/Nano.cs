using System.Net.Sockets;

namespace NfDtls.Tests.Sockets
{
    /// <summary>Where the two name the same thing differently: nanoFramework.</summary>
    internal static class Errors
    {
        internal static int Code(SocketException exception)
        {
            return exception.ErrorCode;
        }
    }
}
