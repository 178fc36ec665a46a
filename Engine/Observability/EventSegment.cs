namespace Engine.Observability;

/// <summary>A stretch of lines in one file.</summary>
/// <param name="Lines">Decompressed; owned.</param>
/// <param name="Offset">Where the first octet stands in the hour's lines.</param>
internal sealed record EventSegment(Stream Lines, long Offset) : IDisposable
{
    public void Dispose() => Lines.Dispose();
}
