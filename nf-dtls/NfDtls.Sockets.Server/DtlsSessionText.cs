namespace NfDtls.Sockets
{
    public sealed partial class DtlsSession
    {
        /// <summary>With whom, and in which suite where one is agreed upon: "192.168.1.17:40000, TLS_PSK_WITH_AES_128_CCM_8".</summary>
        public override string ToString()
        {
            CipherSuite suite = Suite;
            string peer = RemoteEndPoint.ToString();
            return suite == null ? peer : peer + ", " + suite.Name;
        }
    }
}
