using System;
using System.Text;

namespace NfDtls.Samples.CoapsSensor
{
    /// <summary>As much of CoAP (RFC 7252) as a sensor needs: confirmable PUT requests with a token, and their answers.</summary>
    internal sealed class CoapMessage
    {
        internal const int MaxLength = 128;

        /// <summary>2.01 Created.</summary>
        internal const int Created = 0x41;
        /// <summary>2.04 Changed.</summary>
        internal const int Changed = 0x44;

        private const int VersionBits = 1 << 6;
        private const int Confirmable = 0;
        private const int Acknowledgement = 2;
        private const int Put = 3;
        private const int UriPath = 11;
        private const int ContentFormat = 12;
        private const int PayloadMarker = 0xFF;
        private const int HeaderLength = 4;
        private const int TokenLength = 2;

        internal readonly byte[] Bytes = new byte[MaxLength];
        internal int Length;

        /// <summary>Writes a PUT of text to a resource of one segment (at most 12 characters). The message id serves as token, too.</summary>
        internal void WritePut(int messageId, string resource, string text)
        {
            Length = 0;
            Write(VersionBits | (Confirmable << 4) | TokenLength);
            Write(Put);
            Write(messageId >> 8);
            Write(messageId);
            Write(messageId >> 8);
            Write(messageId);

            byte[] path = Encoding.UTF8.GetBytes(resource);
            Write((UriPath << 4) | path.Length);
            Write(path);

            // An empty value of Content-Format is 0: text/plain.
            Write((ContentFormat - UriPath) << 4);
            Write(PayloadMarker);
            Write(Encoding.UTF8.GetBytes(text));
        }

        /// <summary>The code of an answer that came with the acknowledgement of a message, or -1 if these bytes are none.</summary>
        internal static int ReadAnswer(byte[] bytes, int length, int messageId)
        {
            bool isAnswer = length >= HeaderLength + TokenLength
                && bytes[0] == (VersionBits | (Acknowledgement << 4) | TokenLength)
                && ((bytes[2] << 8) | bytes[3]) == messageId
                && ((bytes[4] << 8) | bytes[5]) == messageId;
            return isAnswer ? bytes[1] : -1;
        }

        private void Write(int value)
        {
            Bytes[Length] = (byte)value;
            Length++;
        }

        private void Write(byte[] bytes)
        {
            Array.Copy(bytes, 0, Bytes, Length, bytes.Length);
            Length += bytes.Length;
        }
    }
}
