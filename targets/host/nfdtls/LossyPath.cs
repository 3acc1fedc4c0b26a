using System;
using System.Threading.Tasks;

namespace NfDtls.Tool;

/// <summary>One direction of a lossy network: passes datagrams on, with accidents that follow from the seed and their order.</summary>
internal sealed class LossyPath
{
    /// <summary>Milliseconds after which a delayed datagram goes out though no other came.</summary>
    private const int LongestDelay = 100;

    private readonly Accidents _accidents;
    private readonly Random _random;
    private readonly Action<byte[]> _deliver;
    private byte[]? _delayed;

    public LossyPath(Accidents accidents, int number, Action<byte[]> deliver)
    {
        _accidents = accidents;
        _random = new Random(unchecked((accidents.Seed * 7919) + (number * 104729)));
        _deliver = deliver;
    }

    public void Pass(byte[] datagram)
    {
        lock (_random)
        {
            // As many numbers for each datagram, whatever happens to it: so its fate depends on its place in the order alone.
            bool lost = _random.NextDouble() < _accidents.Loss;
            bool doubled = _random.NextDouble() < _accidents.Duplicate;
            bool late = _random.NextDouble() < _accidents.Reorder;
            bool damaged = _random.NextDouble() < _accidents.Corrupt;
            double place = _random.NextDouble();
            if (lost)
            {
                return;
            }

            if (damaged && datagram.Length > 0)
            {
                int bit = (int)(place * datagram.Length * 8);
                datagram[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            if (late && _delayed == null)
            {
                _delayed = datagram;
                _ = ReleaseLater(datagram);
            }
            else
            {
                _deliver(datagram);
                Release();
            }

            if (doubled)
            {
                _deliver(datagram);
            }
        }
    }

    private async Task ReleaseLater(byte[] datagram)
    {
        await Task.Delay(LongestDelay).ConfigureAwait(false);
        lock (_random)
        {
            if (_delayed == datagram)
            {
                Release();
            }
        }
    }

    private void Release()
    {
        if (_delayed != null)
        {
            _deliver(_delayed);
            _delayed = null;
        }
    }
}
