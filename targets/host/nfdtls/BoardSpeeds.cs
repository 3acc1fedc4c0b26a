using System.Collections.Generic;

namespace NfDtls.Tool;

/// <summary>How fast boards interpret, computed from their clocks: none was measured.</summary>
internal static class BoardSpeeds
{
    /// <summary>
    /// Cycles of the processor an operation, a call being 15: an emulated Cortex-M4 executes 35 to 40 instructions, and 39 to 44 with what the
    /// debugger needs (docs/nano.md). Loads and jumps that take more than a cycle, and slow flash, make it more.
    /// </summary>
    internal const int CyclesPerOperation = 40;

    /// <summary>The boards of targets/, and their clocks in MHz.</summary>
    internal static readonly IReadOnlyList<(string Name, int Megahertz)> All =
    [
        ("ESP32 (240 MHz)", 240),
        ("ESP32-S3 (240 MHz)", 240),
        ("ESP32-C3 (160 MHz)", 160),
        ("STM32F439 (168 MHz)", 168),
        ("STM32F769 (216 MHz)", 216),
    ];

    /// <summary>Milliseconds that operations take.</summary>
    internal static double Milliseconds(int megahertz, int operations)
    {
        return (double)operations * CyclesPerOperation / (megahertz * 1000.0);
    }
}
