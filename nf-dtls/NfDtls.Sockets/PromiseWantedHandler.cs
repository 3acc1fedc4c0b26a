namespace NfDtls.Sockets
{
    /// <summary>
    /// Is asked to store the next promise of a durable connection: <see cref="DtlsClient.WritePromise"/>, then the storage, then
    /// <see cref="DtlsClient.PromiseStored"/>. Where it throws, nothing is promised, and what needs the promise is refused.
    /// </summary>
    public delegate void PromiseWantedHandler();
}
