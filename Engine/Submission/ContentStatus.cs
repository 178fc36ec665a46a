namespace Engine.Submission;

/// <summary>Where a <see cref="ContentReader"/> stands.</summary>
internal enum ContentStatus : byte
{
    /// <summary>All input was taken; the content goes on.</summary>
    More,

    /// <summary>The header is complete; judge it, then go on with the rest of the input.</summary>
    HeaderEnded,

    /// <summary>So much of the body is in memory that a piece of it should be written now; then go on with the rest of the input.</summary>
    PieceFull,

    /// <summary>The content is complete.</summary>
    End,

    /// <summary>A bare CR or LF: close.</summary>
    Malformed,
}
