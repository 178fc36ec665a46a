namespace Engine.Wire;

/// <summary>Where a <see cref="DotReader"/> stands.</summary>
internal enum DotStatus : byte
{
    /// <summary>The content goes on.</summary>
    More,

    /// <summary>CRLF, dot, CRLF was read; nothing behind it was touched.</summary>
    End,

    /// <summary>A CR without LF or an LF without CR: nobody can say where such content ends, so the connection must.</summary>
    BareLineEnd,
}
