namespace Engine.Submission;

/// <summary>Takes the content of one message after the other, as <see cref="SubmissionDialogue"/> feeds it. One per session; not thread-safe.</summary>
internal interface IContentIntake : IDisposable
{
    /// <summary>Whether the rest is not worth reading.</summary>
    bool IsHopeless { get; }

    /// <summary>Why the content cannot be taken, as far as it is known before its end.</summary>
    Refusal? RefusalSoFar { get; }

    void Begin(MailDraft draft, bool isStuffed);

    /// <summary>Takes input; never more than belongs to the content.</summary>
    ContentStatus Read(ReadOnlySpan<byte> input, out int consumed);

    /// <summary>After <see cref="ContentStatus.PieceFull"/>: makes room for more.</summary>
    ValueTask StorePieceAsync(CancellationToken stop);

    /// <summary>Ends content that came in chunks.</summary>
    ContentStatus Finish();

    /// <summary>After the end: takes responsibility, or says why not. The reply is the client's.</summary>
    ValueTask<Reply> CommitAsync(Trace trace, CancellationToken stop);

    /// <summary>Drops the content and writes down why.</summary>
    Reply Refuse(Refusal refusal);

    /// <summary>Gives the memory back.</summary>
    void Clear();
}
