namespace Engine.Dkim;

/// <summary>SHA-256 over the relaxed canonical body (RFC 6376 §3.4.4), fed as the octets arrive, in pieces cut anywhere. Not thread-safe.</summary>
internal sealed class BodyHash : IDisposable
{
    /// <summary>Octets of the hash.</summary>
    public const int Length = 32;

    public void Append(ReadOnlySpan<byte> octets) => throw new NotImplementedException();

    /// <summary>Ends the body, writes 32 octets, and makes ready for the next body.</summary>
    public void Finish(Span<byte> hash) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
