namespace NfDtls.Samples.SecureElementKey
{
    /// <summary>What to change for your own network and chip. Nothing here is secret.</summary>
    internal static class Settings
    {
        /// <summary>The server's name or address.</summary>
        internal const string Server = "192.168.1.10";

        /// <summary>Its UDP port.</summary>
        internal const int Port = 4433;

        /// <summary>What its certificate must say that it is: a name, or an address.</summary>
        internal const string ServerName = "gateway.example";

        /// <summary>The certificate of the authority that issued the server's, in PEM.</summary>
        internal const string Authority = "";

        /// <summary>Our certificate in PEM, of the key in the element. Empty at first: the sample then tells the key that it is to be made for.</summary>
        internal const string Certificate = "";

        /// <summary>The machine with the program that plays the chip.</summary>
        internal const string Chip = "192.168.1.10";

        /// <summary>Its UDP port.</summary>
        internal const int ChipPort = 6080;

        /// <summary>The element's slot that has the key.</summary>
        internal const int Slot = 0;

        /// <summary>Who is asked for the time; best a server of your own network.</summary>
        internal const string TimeServer = "0.pool.ntp.org";

        /// <summary>Who is asked where that one gives none.</summary>
        internal const string OtherTimeServer = "1.pool.ntp.org";

        /// <summary>Their UDP port, that of NTP.</summary>
        internal const int TimePort = 123;

        /// <summary>Milliseconds between the first two questions for the time: 15,000 or more on a public server.</summary>
        internal const int TimePause = 15000;

        /// <summary>Milliseconds from one report to the next.</summary>
        internal const int Interval = 60000;
    }
}
