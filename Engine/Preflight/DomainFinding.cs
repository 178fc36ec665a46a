namespace Engine.Preflight;

/// <summary>One thing looked at.</summary>
/// <param name="Topic">About what.</param>
/// <param name="State">How it stands.</param>
/// <param name="Subject">The name or address asked about.</param>
/// <param name="Found">What is there, in words.</param>
internal sealed record DomainFinding(CheckTopic Topic, FindingState State, string Subject, string Found)
{
    /// <summary>What should be there; null where it is good.</summary>
    public string? Wanted { get; init; }

    /// <summary>The record to publish, as lines of a zone file; null where none is due.</summary>
    public string? Publish { get; init; }

    /// <summary>Whether mail is held for it where <c>verify.level</c> is <c>required</c>.</summary>
    public bool IsRequired { get; init; }
}
