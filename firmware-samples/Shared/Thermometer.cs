namespace NfDtls.Samples
{
    /// <summary>A thermometer that is made up: it goes up and down between 18 and 23 degrees. Put your sensor in its place.</summary>
    internal sealed class Thermometer
    {
        private const int Lowest = 180;
        private const int Highest = 230;

        private int _tenths = 205;
        private int _step = 3;

        /// <summary>The temperature in degrees Celsius, as text with one decimal.</summary>
        internal string Read()
        {
            if (_tenths + _step > Highest || _tenths + _step < Lowest)
            {
                _step = -_step;
            }

            _tenths += _step;
            return (_tenths / 10).ToString() + "." + (_tenths % 10).ToString();
        }
    }
}
