using System.Buffers;
using System.Buffers.Text;

namespace Engine.Delivery.Smtp;

/// <summary>Writes head and content in their wire form, a buffer at a time: stuffed and ended by a dot for DATA, with its BDAT line and as it is for BDAT.</summary>
/// <remarks>A machine over octets: it does not read pieces, it asks for them. A content that does not end with CRLF gets one.</remarks>
internal struct ContentWriter
{
    /// <summary>Room that is always enough for a BDAT line or the end of the content, so that every call makes progress.</summary>
    public const int MinTarget = 64;

    private readonly bool _isChunked;
    private readonly long _size;
    private readonly int _pieces;
    private readonly ReadOnlySequence<byte> _content;
    private SequencePosition _rest;
    private ReadOnlyMemory<byte> _piece;
    private LineStuffer _stuffer;
    private bool _isStarted;
    private bool _isFirstOut;

    public ContentWriter(in SmtpJob job, bool isChunked)
    {
        _isChunked = isChunked;
        _size = SizeOf(job);
        _piece = job.Head;
        _pieces = job.Content.Pieces?.Count ?? 0;
        _content = job.Content.First;
        _rest = _content.Start;
        _stuffer = new LineStuffer(doublesDots: !isChunked);
    }

    /// <summary>Pieces of the content taken so far: the number of the one wanted next.</summary>
    public int PiecesTaken { get; private set; }

    /// <summary>Everything given is written, and <see cref="Take"/> must bring the next piece before more can be.</summary>
    public readonly bool WantsPiece => _isStarted && !IsUnclean && _piece.IsEmpty && _isFirstOut && PiecesTaken < _pieces;

    /// <summary>The end of the content has been written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>A bare CR or LF or a NUL was met: what the last call wrote may not be sent, and nothing more will be written.</summary>
    public bool IsUnclean { get; private set; }

    /// <summary>Octets of the message as RFC 1870 §3 counts them: without stuffing and dot.</summary>
    public static long SizeOf(in SmtpJob job) => job.Head.Length + job.Content.Length + (EndsLine(job) ? 0 : 2);

    /// <summary>Writes on.</summary>
    /// <param name="target">At least <see cref="MinTarget"/> octets.</param>
    /// <returns>Octets written.</returns>
    public int Fill(Span<byte> target)
    {
        var written = _isStarted || !_isChunked ? 0 : WriteBdat(target, _size);
        _isStarted = true;

        while (HasPiece())
        {
            IsUnclean = !_stuffer.TryCopy(_piece.Span, target[written..], out var consumed, out var count);
            written += count;
            _piece = _piece[consumed..];
            if (IsUnclean || !_piece.IsEmpty)
            {
                return written;
            }
        }

        return PiecesTaken < _pieces ? written : written + WriteEnd(target[written..]);
    }

    /// <summary>Brings the next piece.</summary>
    /// <param name="piece">Borrowed until all of it is written: <see cref="WantsPiece"/> or <see cref="IsDone"/>.</param>
    public void Take(ReadOnlyMemory<byte> piece) => (_piece, PiecesTaken) = (piece, PiecesTaken + 1);

    private static bool EndsLine(in SmtpJob job)
    {
        Span<byte> last = stackalloc byte[2];
        Span<byte> ofContent = stackalloc byte[2];
        var fromContent = job.Content.CopyEnding(ofContent);
        var fromHead = Math.Min(2 - fromContent, job.Head.Length);
        job.Head.Span[^fromHead..].CopyTo(last);
        ofContent[..fromContent].CopyTo(last[fromHead..]);
        return fromContent + fromHead == 0 || last.SequenceEqual("\r\n"u8);
    }

    private static int WriteBdat(Span<byte> target, long size)
    {
        "BDAT "u8.CopyTo(target);
        Utf8Formatter.TryFormat(size, target[5..], out var digits);
        " LAST\r\n"u8.CopyTo(target[(5 + digits)..]);
        return 12 + digits;
    }

    // Segments may be empty.
    private bool HasPiece()
    {
        while (_piece.IsEmpty && _content.TryGet(ref _rest, out var piece))
        {
            _piece = piece;
        }

        _isFirstOut |= _piece.IsEmpty;
        return !_piece.IsEmpty;
    }

    private int WriteEnd(Span<byte> target)
    {
        if (_stuffer.IsInsideLineEnd)
        {
            IsUnclean = true;
            return 0;
        }

        var end = (_stuffer.IsAtLineStart, _isChunked) switch
        {
            (true, true) => ""u8,
            (false, true) => "\r\n"u8,
            (true, false) => ".\r\n"u8,
            (false, false) => "\r\n.\r\n"u8,
        };
        IsDone = end.TryCopyTo(target);
        return IsDone ? end.Length : 0;
    }
}
