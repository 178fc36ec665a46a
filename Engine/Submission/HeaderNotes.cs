using Engine.Mail;

namespace Engine.Submission;

/// <summary>What a header block holds, as far as anybody asks later. Borrowed from the block.</summary>
internal readonly ref struct HeaderNotes
{
    /// <summary>Value of the only From field.</summary>
    public ReadOnlySpan<byte> From { get; init; }

    /// <summary>Domain of its first address.</summary>
    public DomainName FromDomain { get; init; }

    /// <summary>Without brackets; empty when absent or malformed.</summary>
    public ReadOnlySpan<byte> MessageId { get; init; }

    public bool HasMessageId { get; init; }

    public bool HasDate { get; init; }

    /// <summary>Fields for feedback that stand in it.</summary>
    public FieldsPresent Present { get; init; }

    public EngineFields Fields { get; init; }
}
