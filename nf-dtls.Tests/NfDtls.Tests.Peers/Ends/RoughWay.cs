using System;

namespace NfDtls.Tests.Peers.Ends;

/// <summary>One direction of a network that loses, doubles and overtakes one datagram in so many each.</summary>
internal sealed class RoughWay(int oneIn, int seed)
{
    private readonly Random _random = new(seed);
    private Action? _late;

    /// <summary>Datagrams that got lost, came twice or came late.</summary>
    internal int Accidents { get; private set; }

    /// <summary>Delivers a datagram, or not; then one that was held back for it.</summary>
    internal void Pass(Action deliver)
    {
        if (Happens())
        {
            return;
        }

        if (_late == null && Happens())
        {
            _late = deliver;
            return;
        }

        deliver();
        if (Happens())
        {
            deliver();
        }

        Flush();
    }

    /// <summary>Delivers what is held back: nothing comes that could overtake it.</summary>
    internal void Flush()
    {
        Action? late = _late;
        _late = null;
        late?.Invoke();
    }

    private bool Happens()
    {
        bool happens = _random.Next(oneIn) == 0;
        Accidents += happens ? 1 : 0;
        return happens;
    }
}
