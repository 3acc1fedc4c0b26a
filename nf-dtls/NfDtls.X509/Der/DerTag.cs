namespace NfDtls.X509
{
    /// <summary>The tags of DER (X.690) that X.509 and the key formats use.</summary>
    internal static class DerTag
    {
        internal const int Boolean = 0x01;
        internal const int Integer = 0x02;
        internal const int BitString = 0x03;
        internal const int OctetString = 0x04;
        internal const int Null = 0x05;
        internal const int Oid = 0x06;
        internal const int Utf8String = 0x0C;
        internal const int NumericString = 0x12;
        internal const int TeletexString = 0x14;
        internal const int Ia5String = 0x16;
        internal const int UtcTime = 0x17;
        internal const int GeneralizedTime = 0x18;
        internal const int VisibleString = 0x1A;
        internal const int UniversalString = 0x1C;
        internal const int BmpString = 0x1E;
        internal const int Sequence = 0x30;
        internal const int Set = 0x31;

        /// <summary>Added to a number: a primitive element tagged for its context.</summary>
        internal const int Context = 0x80;
        /// <summary>Added to a number: a constructed element tagged for its context.</summary>
        internal const int ContextConstructed = 0xA0;
    }
}
