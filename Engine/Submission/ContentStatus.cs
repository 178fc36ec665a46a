namespace Engine.Submission;

/// <summary>Where a <see cref="ContentReader"/> stands.</summary>
internal enum ContentStatus : byte
{
    /// <summary>All input was taken; the content goes on.</summary>
    More,

    /// <summary>The header is complete; judge it, then go on with the rest of the input.</summary>
    HeaderEnded,

    /// <summary>The content is complete.</summary>
    End,

    /// <summary>A bare CR or LF: close.</summary>
    Malformed,
}
