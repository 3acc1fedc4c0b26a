namespace NfDtls.Tool;

/// <summary>How often a lossy network does what to a datagram; probabilities from 0 to 1.</summary>
internal sealed record Accidents(double Loss, double Duplicate, double Reorder, double Corrupt, int Seed)
{
    public bool Any => Loss > 0 || Duplicate > 0 || Reorder > 0 || Corrupt > 0;

    public override string ToString()
    {
        return $"loss {Loss}, duplicate {Duplicate}, reorder {Reorder}, corrupt {Corrupt}, seed {Seed}";
    }
}
