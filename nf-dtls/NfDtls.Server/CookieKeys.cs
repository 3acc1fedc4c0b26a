namespace NfDtls.Server
{
    /// <summary>
    /// Keys of a server's cookies (RFC 6347 section 4.2.1, RFC 9147 section 5.1) from elsewhere: servers that share them take each
    /// other's cookies, in DTLS 1.2 and 1.3, so that a client whose second hello comes to another one is not asked again. Stands in
    /// <see cref="DtlsOptions.Features"/>; without it a server draws a key of its own every <see cref="EndpointOptions.CookieLifetime"/>.
    /// </summary>
    public abstract class CookieKeys : Feature
    {
        /// <summary>Bytes of a key.</summary>
        public const int KeyLength = 32;

        /// <summary>For an endpoint of its own.</summary>
        protected CookieKeys()
        {
        }

        /// <summary>
        /// The number of the key that is in use. Asked for with each hello, within the engine: it answers from memory. A cookie holds as
        /// long as its number is this one or the one before.
        /// </summary>
        /// <param name="now">The engine's time in milliseconds.</param>
        public abstract long GetPeriod(long now);

        /// <summary>Writes the key of a number, the same at all servers: of the one in use, or the one before. What it throws, the client's hello fails with.</summary>
        /// <param name="period">The number.</param>
        /// <param name="destination">Where the key goes: <see cref="KeyLength"/> bytes.</param>
        /// <param name="offset">Where there.</param>
        public abstract void WriteKey(long period, byte[] destination, int offset);
    }
}
