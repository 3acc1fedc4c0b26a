namespace DtlsDevice1
{
    /// <summary>
    /// Who this device is, and what proves it. The key is random and was made with this project: the server must know it. Keep this
    /// file out of version control, as .gitignore does, and give each device a key of its own.
    /// </summary>
    internal static class Secrets
    {
        internal const string Identity = "DEVICE-NAME";

        private const string Digits = "FIRST-HALF-OF-THE-KEYSECOND-HALF-OF-THE-KEY";

        internal static byte[] Key()
        {
            byte[] key = new byte[Digits.Length / 2];
            for (int i = 0; i < Digits.Length; i++)
            {
                int digit = Digits[i] <= '9' ? Digits[i] - '0' : Digits[i] - 'a' + 10;
                key[i / 2] = (byte)((key[i / 2] << 4) | digit);
            }

            return key;
        }
    }
}
