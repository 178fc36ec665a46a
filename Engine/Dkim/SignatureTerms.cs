namespace Engine.Dkim;

/// <summary>How the signatures of a key are written, beside what the key itself says. Immutable.</summary>
internal sealed record SignatureTerms
{
    /// <summary>c=relaxed/relaxed, no x=, no i=.</summary>
    public static readonly SignatureTerms Usual = new();

    /// <summary>First half of c=.</summary>
    public Canonicalization Head { get; init; }

    /// <summary>Second half of c=: that of the body hash which is signed.</summary>
    public Canonicalization Body { get; init; }

    /// <summary>x=: so long after the message may first leave; null for no end.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>i=, checked; null for none.</summary>
    public string? Identity { get; init; }
}
