namespace NfDtls.Tool;

/// <summary>
/// What a record of 64 bytes and a handshake take of a board's interpreter with PSK and AES_128_CCM_8, a call counted as 15 instructions:
/// `./build.sh ops` counts it, and a test holds these numbers to that.
/// </summary>
internal static class OperationSums
{
    /// <summary>Sums in the order of <see cref="Work"/>, by version, end and provider.</summary>
    private static readonly int[][] Sums =
    [
        [118_000, 4_730, 5_230],
        [481_000, 22_900, 23_300],
        [123_000, 4_520, 6_620],
        [679_000, 22_900, 24_500],
        [287_000, 5_460, 5_840],
        [1_660_000, 31_800, 32_200],
        [270_000, 5_170, 7_660],
        [1_660_000, 31_800, 33_700],
    ];

    /// <summary>What is done.</summary>
    internal enum Work
    {
        /// <summary>A handshake, the first of an endpoint left out.</summary>
        Handshake,

        /// <summary>A record is made and handed out.</summary>
        Send,

        /// <summary>A record is taken in, and its content taken.</summary>
        Receive,
    }

    /// <summary>Operations.</summary>
    /// <param name="work">Of what.</param>
    /// <param name="has13">In DTLS 1.3; else in 1.2.</param>
    /// <param name="isServer">At the server's end.</param>
    /// <param name="isManaged">With all cryptography in managed code; else with AES and HMAC by the firmware, whose own time is not in it.</param>
    internal static int Of(Work work, bool has13, bool isServer, bool isManaged)
    {
        return Sums[(has13 ? 4 : 0) + (isServer ? 2 : 0) + (isManaged ? 1 : 0)][(int)work];
    }
}
