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
        [108_000, 3_770, 4_550],
        [436_000, 22_100, 22_600],
        [111_000, 3_790, 4_960],
        [590_000, 22_200, 23_000],
        [272_000, 4_530, 5_380],
        [1_540_000, 31_200, 31_700],
        [254_000, 4_550, 6_410],
        [1_510_000, 31_200, 32_800],
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
