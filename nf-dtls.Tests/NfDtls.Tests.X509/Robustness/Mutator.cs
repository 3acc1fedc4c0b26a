using System;

namespace NfDtls.Tests.X509.Robustness;

/// <summary>Changes good DER a little, from a seed: bytes, bits, tags and lengths, pieces left out, doubled or moved.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0xFF, 0x30, 0x31, 0x02, 0x03, 0x04, 0x05, 0x06, 0xA0, 0xA3];

    private readonly Random _random = new(seed);

    /// <summary>Writes a changed copy to the destination, which is twice as long; the result is its length.</summary>
    internal int Mutate(byte[] source, byte[] destination)
    {
        source.CopyTo(destination, 0);
        int length = source.Length;
        for (int changes = 1 + _random.Next(3); changes > 0 && length > 0; changes--)
        {
            int at = _random.Next(length);
            switch (_random.Next(6))
            {
                case 0:
                    destination[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    destination[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2:
                    destination[at] = Telling[_random.Next(Telling.Length)];
                    break;
                case 3:
                    length = _random.Next(4) == 0 ? at : length;
                    destination[at] += (byte)(_random.Next(2) == 0 ? 1 : 255);
                    break;
                case 4:
                    length = Remove(destination, at, 1 + _random.Next(8), length);
                    break;
                default:
                    length = Double(destination, at, 1 + _random.Next(8), length);
                    break;
            }
        }

        return length;
    }

    private static int Remove(byte[] bytes, int at, int count, int length)
    {
        count = Math.Min(count, length - at);
        Array.Copy(bytes, at + count, bytes, at, length - at - count);
        return length - count;
    }

    private static int Double(byte[] bytes, int at, int count, int length)
    {
        count = Math.Min(count, Math.Min(length - at, bytes.Length - length));
        Array.Copy(bytes, at, bytes, at + count, length - at);
        return length + count;
    }
}
