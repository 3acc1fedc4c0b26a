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
        [107_000, 3_660, 4_120],
        [434_000, 22_000, 22_300],
        [109_000, 3_670, 4_460],
        [587_000, 22_000, 22_700],
        [268_000, 4_440, 5_000],
        [1_530_000, 31_100, 31_500],
        [250_000, 4_460, 5_990],
        [1_500_000, 31_100, 32_500],
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
