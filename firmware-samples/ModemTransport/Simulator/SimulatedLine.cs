namespace NfDtls.Samples.ModemTransport
{
    /// <summary>The serial line to the simulated modem.</summary>
    internal sealed class SimulatedLine : SerialLine
    {
        private readonly SimulatedModem _modem;

        internal SimulatedLine(SimulatedModem modem)
        {
            _modem = modem;
        }

        internal override int Read(byte[] buffer, int offset, int count, int milliseconds)
        {
            int most = _modem.Faults.PieceLength;
            return _modem.FromModem.Read(buffer, offset, most > 0 && most < count ? most : count, milliseconds);
        }

        internal override void Write(byte[] buffer, int offset, int count)
        {
            _modem.ToModem.Write(buffer, offset, count);
        }

        internal override void Wake()
        {
            _modem.Wake();
        }
    }
}
