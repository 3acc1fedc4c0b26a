using NfDtls.Sockets;

namespace NfDtls.Samples
{
    /// <summary>CoAP over a client's session.</summary>
    internal sealed class ClientChannel : CoapChannel
    {
        private readonly DtlsClient _client;

        internal ClientChannel(DtlsClient client)
        {
            _client = client;
        }

        internal override void Send(byte[] bytes, int count)
        {
            _client.Send(bytes, 0, count);
        }

        internal override int Receive(byte[] buffer, int timeout)
        {
            return _client.Receive(buffer, 0, timeout);
        }
    }
}
