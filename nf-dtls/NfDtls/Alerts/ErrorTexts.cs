namespace NfDtls
{
    /// <summary>
    /// Words for errors, which a device may leave out: NfDtls.Texts has them in English, and an application may bring its own.
    /// Exceptions take their reasons from here.
    /// </summary>
    public abstract class ErrorTexts
    {
        /// <summary>The words in use, of the whole program; null where there are none, and exceptions say numbers.</summary>
        public static ErrorTexts? Current { get; set; }

        /// <summary>A phrase that says why, without a full stop: "the peer did not answer in time".</summary>
        /// <param name="error">The error.</param>
        /// <param name="alertReceived">The alert that came with it, or <see cref="Alert.None"/>.</param>
        public abstract string Describe(DtlsError error, int alertReceived);

        /// <summary>What follows "The handshake failed" or the like, up to the full stop.</summary>
        internal static string Reason(DtlsError error, int alertReceived)
        {
            ErrorTexts texts = Current;
            if (texts != null)
            {
                return ": " + texts.Describe(error, alertReceived) + ".";
            }

            string number = " with DtlsError " + ((int)error).ToString();
            return alertReceived == Alert.None ? number + "." : number + ", alert " + alertReceived.ToString() + " received.";
        }
    }
}
