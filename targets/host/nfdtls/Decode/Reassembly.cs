using System;
using System.Collections.Generic;

namespace NfDtls.Tool;

/// <summary>Handshake messages of one end, put together of their fragments; bounded, whatever comes.</summary>
internal sealed class Reassembly
{
    /// <summary>The longest message that is put together.</summary>
    public const int MaxMessage = 1 << 17;

    private const int MaxMessages = 32;

    private readonly Dictionary<(int Epoch, int Number), Partial> _partials = [];
    private readonly Budget _budget;

    public Reassembly(Budget budget)
    {
        _budget = budget;
    }

    /// <summary>Takes a fragment; gives the whole message when it is there.</summary>
    public byte[]? Add(int epoch, int number, int type, int length, int offset, ReadOnlySpan<byte> fragment)
    {
        if (length > MaxMessage || offset + fragment.Length > length)
        {
            return null;
        }

        if (!_partials.TryGetValue((epoch, number), out Partial? partial) || partial.Type != type || partial.Bytes.Length != length)
        {
            Forget(epoch, number);
            if (_partials.Count >= MaxMessages)
            {
                Clear();
            }

            if (!_budget.Take(length))
            {
                return null;
            }

            partial = new Partial(type, length);
            _partials[(epoch, number)] = partial;
        }

        if (!partial.Add(offset, fragment))
        {
            return null;
        }

        Forget(epoch, number);
        return partial.Bytes;
    }

    /// <summary>Gives up what is not whole yet.</summary>
    public void Clear()
    {
        foreach (Partial partial in _partials.Values)
        {
            _budget.GiveBack(partial.Bytes.Length);
        }

        _partials.Clear();
    }

    private void Forget(int epoch, int number)
    {
        if (_partials.Remove((epoch, number), out Partial? partial))
        {
            _budget.GiveBack(partial.Bytes.Length);
        }
    }

    /// <summary>How many bytes of unfinished messages a capture may have at a time, of all its sessions.</summary>
    public sealed class Budget
    {
        private int _left = 1 << 26;

        public bool Take(int bytes)
        {
            bool isThere = bytes <= _left;
            _left -= isThere ? bytes : 0;
            return isThere;
        }

        public void GiveBack(int bytes)
        {
            _left += bytes;
        }
    }

    private sealed class Partial
    {
        private readonly bool[] _has;
        private int _missing;

        public Partial(int type, int length)
        {
            Type = type;
            Bytes = new byte[length];
            _has = new bool[length];
            _missing = length;
        }

        public int Type { get; }

        public byte[] Bytes { get; }

        public bool Add(int offset, ReadOnlySpan<byte> fragment)
        {
            for (int i = 0; i < fragment.Length; i++)
            {
                if (!_has[offset + i])
                {
                    _has[offset + i] = true;
                    Bytes[offset + i] = fragment[i];
                    _missing--;
                }
            }

            return _missing == 0;
        }
    }
}
