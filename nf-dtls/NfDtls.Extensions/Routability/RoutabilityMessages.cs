namespace NfDtls.Extensions
{
    /// <summary>return_routability_check (RFC 9853 section 4): one byte of type, a cookie of eight.</summary>
    internal sealed class RoutabilityMessages : RecordType
    {
        internal const int Length = 1 + PathCheck.CookieLength;

        internal const int PathChallenge = 0;
        internal const int PathResponse = 1;
        internal const int PathDrop = 2;

        private readonly ReturnRoutability _feature;

        internal RoutabilityMessages(ReturnRoutability feature)
        {
            _feature = feature;
        }

        public override int Type
        {
            get { return ContentType.ReturnRoutability; }
        }

        public override DtlsError Read(Association association, WireReader reader)
        {
            if (!_feature.Guards(association))
            {
                association.Engine.Drop(DropReason.ContentType, Type);
                reader.Skip(reader.Remaining);
                return DtlsError.None;
            }

            int type = reader.ReadUInt8();
            if (type > PathDrop)
            {
                // What may be defined some day is ignored.
                reader.Skip(reader.Remaining);
                return DtlsError.None;
            }

            int cookie = reader.Skip(PathCheck.CookieLength);
            if (!reader.Failed)
            {
                _feature.OnMessage(association, type, reader.Buffer, cookie);
            }

            return reader.Failed ? DtlsError.DecodeError : DtlsError.None;
        }
    }
}
