namespace NfDtls.Tests
{
    /// <summary>A client at an address of the <see cref="VirtualNetwork"/>.</summary>
    internal sealed class TestClient
    {
        internal readonly DtlsClientEngine Engine;
        internal readonly byte[] Address;

        internal TestClient(DtlsClientEngine engine, byte[] address)
        {
            Engine = engine;
            Address = address;
        }

        internal Association Association
        {
            get { return Engine.Association; }
        }

        internal AssociationState State
        {
            get { return Engine.Association.State; }
        }
    }
}
