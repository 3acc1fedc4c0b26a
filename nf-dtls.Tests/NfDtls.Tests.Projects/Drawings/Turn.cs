using System.Collections.Generic;
using System.Linq;

namespace NfDtls.Tests.Projects.Drawings;

/// <summary>What one end says before the other has its turn: a flight, or an acknowledgement.</summary>
internal sealed class Turn
{
    internal Turn(bool isClients)
    {
        IsClients = isClients;
    }

    internal bool IsClients { get; }

    /// <summary>Names of messages, each with the epoch whose keys protect it; 0 is in the clear.</summary>
    internal List<(string Name, int Epoch)> Messages { get; } = [];

    /// <summary>Whether the network lost it.</summary>
    internal bool IsLost { get; init; }

    /// <summary>Milliseconds that the end waited in vain before it said it once more; 0 where it answers, or begins.</summary>
    internal long Waited { get; set; }

    internal Turn Add(string name, int epoch)
    {
        Messages.Add((name, epoch));
        return this;
    }

    /// <summary>The same once more, after a wait, or lost.</summary>
    internal Turn Copy(long waited, bool isLost)
    {
        Turn copy = new(IsClients) { Waited = waited, IsLost = isLost };
        copy.Messages.AddRange(Messages);
        return copy;
    }

    public override string ToString()
    {
        string messages = string.Join(", ", Messages.Select(message => message.Name + " (" + message.Epoch + ")"));
        return (IsClients ? "client" : "server") + (Waited > 0 ? " after " + Waited + " ms" : "") + ": " + messages + (IsLost ? ", lost" : "");
    }
}
