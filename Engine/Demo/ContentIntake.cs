using System.Buffers;

namespace Engine.Demo;

/// <summary>Collects the content of one message, by DATA or by BDAT chunks.</summary>
/// <param name="maxSize">Octets; of a larger message nothing is kept, but its end is still found.</param>
internal sealed class ContentIntake(long maxSize)
{
    private readonly ArrayBufferWriter<byte> _content = new(32 * 1_024);
    private DotScan _dots = new();
    private long _chunkLeft;
    private bool _isChunk;

    /// <summary>Whether content is being read, not commands.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the open chunk, or DATA, ends the message.</summary>
    public bool IsLast { get; private set; }

    public bool IsTooLarge { get; private set; }

    /// <summary>Valid until <see cref="Reset"/>.</summary>
    public ReadOnlyMemory<byte> Written => _content.WrittenMemory;

    public void OpenDots()
    {
        (IsOpen, IsLast, _isChunk) = (true, true, false);
        _dots = new DotScan();
    }

    public void OpenChunk(long size, bool isLast) => (IsOpen, IsLast, _isChunk, _chunkLeft) = (true, isLast, true, size);

    /// <returns>True when the open piece has come whole; then it is closed.</returns>
    public bool Advance(ReadOnlySpan<byte> input, out int used)
    {
        var isWhole = _isChunk ? TakeChunk(input, out used) : _dots.Advance(input, _content, out used);
        if (_content.WrittenCount > maxSize)
        {
            IsTooLarge = true;
            _content.ResetWrittenCount();
        }

        IsOpen = !isWhole;
        return isWhole;
    }

    public void Reset()
    {
        (IsOpen, IsLast, IsTooLarge) = (false, false, false);
        _content.ResetWrittenCount();
    }

    private bool TakeChunk(ReadOnlySpan<byte> input, out int used)
    {
        used = (int)Math.Min(_chunkLeft, input.Length);
        _content.Write(input[..used]);
        _chunkLeft -= used;
        return _chunkLeft == 0;
    }
}
