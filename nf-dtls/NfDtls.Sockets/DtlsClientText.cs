using System.Net;

namespace NfDtls.Sockets
{
    public sealed partial class DtlsClient
    {
        /// <summary>With whom, and in which suite where one is agreed upon: "192.168.1.10:5684, TLS_PSK_WITH_AES_128_CCM_8".</summary>
        public override string ToString()
        {
            IPEndPoint remote = RemoteEndPoint;
            CipherSuite suite = Suite;
            string peer = remote == null ? "no server yet" : remote.ToString();
            return suite == null ? peer : peer + ", " + suite.Name;
        }
    }
}
