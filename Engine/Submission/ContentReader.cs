using System.Buffers;
using System.Text;
using Engine.Wire;

namespace Engine.Submission;

/// <summary>Takes the content of one message in pieces cut anywhere: the header in one piece of memory, the body in blocks.</summary>
/// <remarks>
/// A large body does not stay: when <see cref="PieceLength"/> octets are in memory, reading stops until <see cref="DropPiece"/>.
/// After a fault it reads on to the end and keeps nothing, so that the client hears why. Used again for the next message after
/// <see cref="Clear"/>. Not thread-safe.
/// </remarks>
internal sealed class ContentReader(BlockPool pool, SubmissionLimits limits)
{
    /// <summary>Octets of a piece: whole blocks, and as many of them as go into one part frame of the queue.</summary>
    public const int PieceLength = 63 * Block.Size;

    // Input is looked at in steps, so that a body does not outgrow its piece by much.
    private const int Step = Block.Size;

    private DotReader _dots;
    private byte[] _header = [];
    private int _headerLength;
    private bool _headerEnded;
    private Block? _first;
    private Block? _last;
    private long _limit;
    private int _inMemory;
    private IHeadSealer? _sealer;

    public ContentFault Fault { get; private set; }

    /// <summary>Octets without stuffed dots, as RFC 1870 counts them.</summary>
    public long Size { get; private set; }

    /// <summary>Whether an octet above 127 stands in header or body.</summary>
    public bool HasEightBit { get; private set; }

    /// <summary>The same for the header alone.</summary>
    public bool HasEightBitHeader => HasEightBit && !Ascii.IsValid(Header);

    /// <summary>The header block with its last CRLF, without the empty line. Until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Header => _header.AsSpan(0, _headerLength);

    /// <summary>What follows the empty line, but for the pieces dropped. Until <see cref="Clear"/>.</summary>
    public ReadOnlySequence<byte> Body => _first is null ? default : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Length);

    /// <summary>The first octets of <see cref="Body"/>, to be written elsewhere. Whole after <see cref="ContentStatus.PieceFull"/>.</summary>
    public ReadOnlySequence<byte> Piece => Body.Slice(0, PieceLength);

    private bool IsPieceFull => _inMemory >= PieceLength;

    /// <param name="limit">Octets of the largest message.</param>
    /// <param name="isStuffed">True for DATA, false for BDAT.</param>
    public void Begin(long limit, bool isStuffed)
    {
        Clear();
        _dots = new DotReader(isStuffed);
        _limit = limit;
    }

    /// <summary>Takes input up to the end of the header, a full piece, the end of the content or its own end.</summary>
    public ContentStatus Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (consumed < input.Length)
        {
            if (IsPieceFull)
            {
                return ContentStatus.PieceFull;
            }

            var status = _dots.Read(input.Slice(consumed, Math.Min(Step, input.Length - consumed)), out var used, out var run);
            consumed += used;
            var headerEnds = Take(run);
            if (status is DotStatus.BareLineEnd)
            {
                Fail(ContentFault.BareLineEnd);
                return ContentStatus.Malformed;
            }

            if (headerEnds)
            {
                return ContentStatus.HeaderEnded;
            }

            if (status is DotStatus.End)
            {
                return ContentStatus.End;
            }
        }

        return IsPieceFull ? ContentStatus.PieceFull : ContentStatus.More;
    }

    /// <summary>The <see cref="Piece"/> is written: its blocks go back.</summary>
    public void DropPiece()
    {
        for (var block = 0; block < PieceLength / Block.Size; block++)
        {
            var next = (Block?)_first!.Next;
            pool.Return(_first);
            _first = next;
        }

        _inMemory -= PieceLength;
        _last = _first is null ? null : _last;
    }

    /// <summary>Ends content that came in chunks. A last line without CRLF gets one: on the next hop a dot must stand on a line of its own.</summary>
    public ContentStatus Finish()
    {
        if (_dots.IsBehindCr)
        {
            Fail(ContentFault.BareLineEnd);
            return ContentStatus.Malformed;
        }

        if (!_dots.IsAtLineStart)
        {
            _ = Take("\r\n"u8);
        }

        return ContentStatus.End;
    }

    /// <summary>Hands the body to a sealer: what came already, and what comes.</summary>
    public void HashWith(IHeadSealer sealer)
    {
        _sealer = sealer;
        foreach (var piece in Body)
        {
            sealer.AppendBody(piece.Span);
        }
    }

    /// <summary>Keeps nothing from here on.</summary>
    public void Fail(ContentFault fault)
    {
        if (Fault is ContentFault.None)
        {
            Fault = fault;
            Free();
        }
    }

    public void Clear()
    {
        Free();
        (Fault, Size, HasEightBit) = (ContentFault.None, 0, false);
        (_headerEnded, _sealer) = (false, null);
    }

    // True when the header ended inside this piece.
    private bool Take(ReadOnlySpan<byte> run)
    {
        Size += run.Length;
        if (Fault is not ContentFault.None || run.IsEmpty)
        {
            return false;
        }

        if (Size > _limit)
        {
            Fail(ContentFault.TooBig);
        }
        else if (_dots.HasNul)
        {
            Fail(ContentFault.Nul);
        }
        else if (_dots.LongestLine > limits.ContentLine)
        {
            Fail(ContentFault.LineTooLong);
        }

        HasEightBit = HasEightBit || !Ascii.IsValid(run);
        if (_headerEnded)
        {
            AppendBody(run);
            return false;
        }

        var length = HeaderLength(run, out _headerEnded);
        AppendHeader(run[..length]);
        AppendBody(run[length..]);
        return _headerEnded && Fault is ContentFault.None;
    }

    // Octets of this piece that still belong to the header and its empty line, which may have begun in the piece before.
    private int HeaderLength(ReadOnlySpan<byte> run, out bool ends)
    {
        var known = Math.Min(3, _headerLength);
        Span<byte> seam = stackalloc byte[8];
        if (_headerLength < 2)
        {
            // A content may begin with the empty line: as if a CRLF stood before it.
            "\r\n"u8.CopyTo(seam);
            _header.AsSpan(0, _headerLength).CopyTo(seam[2..]);
            known = 2 + _headerLength;
        }
        else
        {
            _header.AsSpan(_headerLength - known, known).CopyTo(seam);
        }

        var next = Math.Min(3, run.Length);
        run[..next].CopyTo(seam[known..]);
        var at = seam[..(known + next)].IndexOf("\r\n\r\n"u8);
        if (at >= 0)
        {
            ends = true;
            return at + 4 - known;
        }

        at = run.IndexOf("\r\n\r\n"u8);
        ends = at >= 0;
        return ends ? at + 4 : run.Length;
    }

    private void AppendHeader(ReadOnlySpan<byte> octets)
    {
        if (Fault is not ContentFault.None || !GrowHeader(_headerLength + octets.Length))
        {
            return;
        }

        octets.CopyTo(_header.AsSpan(_headerLength));
        _headerLength += octets.Length;
        if (_headerEnded)
        {
            _headerLength -= 2;
        }
    }

    private bool GrowHeader(int length)
    {
        if (length <= _header.Length)
        {
            return true;
        }

        if (length > limits.Header)
        {
            Fail(ContentFault.HeaderTooBig);
            return false;
        }

        var next = ArrayPool<byte>.Shared.Rent(Math.Max(length, 4_096));
        if (!pool.TryReserve(next.Length))
        {
            ArrayPool<byte>.Shared.Return(next);
            Fail(ContentFault.NoMemory);
            return false;
        }

        Header.CopyTo(next);
        FreeHeader();
        _header = next;
        return true;
    }

    private void AppendBody(ReadOnlySpan<byte> octets)
    {
        if (Fault is not ContentFault.None)
        {
            return;
        }

        _sealer?.AppendBody(octets);
        while (!octets.IsEmpty)
        {
            if (_last is not { Room: > 0 } && !AddBlock())
            {
                return;
            }

            var piece = octets[..Math.Min(octets.Length, _last!.Room)];
            _last.Append(piece);
            _inMemory += piece.Length;
            octets = octets[piece.Length..];
        }
    }

    private bool AddBlock()
    {
        if (pool.Rent() is not { } block)
        {
            Fail(ContentFault.NoMemory);
            return false;
        }

        _last?.Link(block);
        _first ??= block;
        _last = block;
        return true;
    }

    private void Free()
    {
        for (var block = _first; block is not null;)
        {
            var next = (Block?)block.Next;
            pool.Return(block);
            block = next;
        }

        (_first, _last, _inMemory, _headerLength) = (null, null, 0, 0);
        FreeHeader();
    }

    private void FreeHeader()
    {
        if (_header.Length > 0)
        {
            pool.Release(_header.Length);
            ArrayPool<byte>.Shared.Return(_header);
            _header = [];
        }
    }
}
