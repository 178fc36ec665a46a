namespace Engine.Reputation.Warmup;

/// <summary>What warms up, and where: each receiver judges for itself.</summary>
/// <param name="Name">Source or sender domain.</param>
/// <param name="Operator">Provider id, or the name of a destination of none.</param>
internal readonly record struct WarmupKey(string Name, string Operator)
{
    public bool Equals(WarmupKey other) => string.Equals(Name, other.Name, StringComparison.Ordinal) && string.Equals(Operator, other.Operator, StringComparison.Ordinal);

    public override int GetHashCode() => (Name.GetHashCode(StringComparison.Ordinal) * 31) ^ Operator.GetHashCode(StringComparison.Ordinal);
}
