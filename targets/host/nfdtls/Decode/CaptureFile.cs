using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace NfDtls.Tool;

/// <summary>A frame of a capture: when, of which kind of link, and its bytes.</summary>
internal readonly record struct CapturedFrame(double Seconds, int Link, byte[] Bytes);

/// <summary>Reads captures in the forms of pcap (of either byte order, with microseconds or nanoseconds) and pcapng.</summary>
internal sealed class CaptureFile
{
    private const uint Micro = 0xA1B2C3D4;
    private const uint Nano = 0xA1B23C4D;
    private const uint NextGeneration = 0x0A0D0D0A;
    private const uint ByteOrder = 0x1A2B3C4D;
    private const int FileHeader = 24;
    private const int FrameHeader = 16;
    private const int BlockOverhead = 12;
    private const int MaxLink = 0xFFFF;

    private readonly byte[] _bytes;
    private readonly List<(int Link, double Tick)> _interfaces = [];
    private bool _isLittle;

    private CaptureFile(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>What is wrong with its end, or null.</summary>
    public string? Flaw { get; private set; }

    /// <summary>The capture that bytes are, or null where they are none.</summary>
    public static CaptureFile? Of(byte[] bytes)
    {
        if (bytes.Length < 4)
        {
            return null;
        }

        uint little = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint big = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        bool isCapture = little is Micro or Nano or NextGeneration || big is Micro or Nano;
        return isCapture ? new CaptureFile(bytes) { _isLittle = little is Micro or Nano } : null;
    }

    public IEnumerable<CapturedFrame> Frames()
    {
        return BinaryPrimitives.ReadUInt32LittleEndian(_bytes) == NextGeneration ? Blocks() : Plain();
    }

    private IEnumerable<CapturedFrame> Plain()
    {
        if (_bytes.Length < FileHeader)
        {
            Flaw = "its header is cut off";
            yield break;
        }

        double tick = U32(0) == Nano ? 1e-9 : 1e-6;
        int link = (int)(U32(20) & MaxLink);
        int at = FileHeader;
        while (at < _bytes.Length)
        {
            if (_bytes.Length - at < FrameHeader || U32(at + 8) > _bytes.Length - at - FrameHeader)
            {
                Flaw = $"it is cut off {_bytes.Length - at} bytes before its end";
                yield break;
            }

            int length = (int)U32(at + 8);
            yield return new CapturedFrame(U32(at) + (U32(at + 4) * tick), link, _bytes.AsSpan(at + FrameHeader, length).ToArray());
            at += FrameHeader + length;
        }
    }

    private IEnumerable<CapturedFrame> Blocks()
    {
        int at = 0;
        while (at < _bytes.Length)
        {
            if (_bytes.Length - at < BlockOverhead)
            {
                Flaw = $"it is cut off {_bytes.Length - at} bytes before its end";
                yield break;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at)) == NextGeneration)
            {
                _isLittle = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at + 8)) == ByteOrder;
                _interfaces.Clear();
            }

            uint length = U32(at + 4);
            if (length < BlockOverhead || length % 4 != 0 || length > _bytes.Length - at)
            {
                Flaw = $"a block {_bytes.Length - at} bytes before its end has a wrong length";
                yield break;
            }

            if (Read(at, (int)length) is { } frame)
            {
                yield return frame;
            }

            at += (int)length;
        }
    }

    /// <summary>The frame of a block, or null where it has none.</summary>
    private CapturedFrame? Read(int at, int length)
    {
        int body = at + 8;
        int count = length - BlockOverhead;
        switch (U32(at))
        {
            case 1 when count >= 8:
                int link = _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(body)) : BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(body));
                _interfaces.Add((link, Tick(body + 8, body + count)));
                return null;
            case 3 when count >= 4 && _interfaces.Count > 0:
                int simple = (int)Math.Min(U32(body), (uint)(count - 4));
                return new CapturedFrame(0, _interfaces[0].Link, _bytes.AsSpan(body + 4, simple).ToArray());
            case 6 when count >= 20 && U32(body) < _interfaces.Count && U32(body + 12) <= count - 20:
                (int linkType, double tick) = _interfaces[(int)U32(body)];
                double time = (((ulong)U32(body + 4) << 32) | U32(body + 8)) * tick;
                return new CapturedFrame(time, linkType, _bytes.AsSpan(body + 20, (int)U32(body + 12)).ToArray());
            default:
                return null;
        }
    }

    /// <summary>The unit of an interface's times: its option if_tsresol, or a microsecond.</summary>
    private double Tick(int at, int end)
    {
        while (at + 4 <= end)
        {
            int code = _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(at));
            int length = _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at + 2)) : BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(at + 2));
            if (code == 9 && length == 1 && at + 4 < end)
            {
                int unit = _bytes[at + 4];
                return (unit & 0x80) != 0 ? Math.Pow(2, -(unit & 0x7F)) : Math.Pow(10, -unit);
            }

            at += 4 + ((length + 3) & ~3);
        }

        return 1e-6;
    }

    private uint U32(int at)
    {
        return _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(at));
    }
}
