namespace Engine.Submission;

/// <summary>Why content cannot be taken.</summary>
internal enum ContentFault : byte
{
    None,

    /// <summary>A bare CR or LF: the connection ends, because nobody can say where the content does.</summary>
    BareLineEnd,
    Nul,
    LineTooLong,
    HeaderTooBig,
    TooBig,

    /// <summary>The memory for content is used up.</summary>
    NoMemory,

    /// <summary>The header was judged, and refused.</summary>
    Refused,
}
