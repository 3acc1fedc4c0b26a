namespace NfDtls
{
    /// <summary>
    /// Is told what the engine does, in constant strings and numbers: nothing is formatted when nobody listens. Runs inside
    /// the engine: it must return quickly and not call back.
    /// </summary>
    public abstract class TraceSink
    {
        /// <summary>One event.</summary>
        /// <param name="what">What happened: "flight sent" (each time), "message accepted", "message sent", "record dropped", "state", "alert sent", "alert received"; of DTLS 1.3 "ack sent" and "ack received", with how many records each names.</param>
        /// <param name="a">For a flight its number of messages, for a message its type, for a drop its <see cref="DropReason"/>, for a state the state, for an alert its description.</param>
        /// <param name="b">For a flight or a message its bytes, for a drop the content type or 0, for an alert its level.</param>
        public abstract void Write(string what, int a, int b);
    }
}
