using System.Collections.Generic;

namespace FleetGateway.Fleet;

/// <summary>Senders by when they spoke last: strangers, and those that are known.</summary>
internal sealed class SenderQueue
{
    private readonly LinkedList<Sender> _strangers = new();
    private readonly LinkedList<Sender> _known = new();

    internal int Count => _strangers.Count + _known.Count;

    internal Sender? OldestStranger => _strangers.First?.Value;

    internal Sender? OldestKnown => _known.First?.Value;

    /// <summary>Who gives way first: a stranger, where there is one.</summary>
    internal Sender? Oldest => OldestStranger ?? OldestKnown;

    /// <summary>Puts one last in its line.</summary>
    internal LinkedListNode<Sender> Add(Sender sender)
    {
        return (sender.IsKnown ? _known : _strangers).AddLast(sender);
    }

    internal static void Remove(LinkedListNode<Sender> place)
    {
        place.List!.Remove(place);
    }
}
