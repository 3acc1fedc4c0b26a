using System;

namespace NfDtls.Samples.SpeedCheck
{
    /// <summary>Adds up the time of what is done between its begin and its end, in as many turns as it takes.</summary>
    internal sealed class Stopwatch
    {
        private long _begun;
        private long _ticks;

        internal void Begin()
        {
            _begun = DateTime.UtcNow.Ticks;
        }

        internal void End()
        {
            _ticks += DateTime.UtcNow.Ticks - _begun;
        }

        internal void Clear()
        {
            _ticks = 0;
        }

        /// <summary>Writes a line with the time of one of so many turns, in microseconds, and begins from 0.</summary>
        internal void Report(string work, int turns)
        {
            Console.WriteLine(work + ": " + (_ticks / turns / 10).ToString() + " us");
            Clear();
        }
    }
}
