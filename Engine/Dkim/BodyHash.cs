using System.Security.Cryptography;

namespace Engine.Dkim;

/// <summary>SHA-256 over the relaxed canonical body (RFC 6376 §3.4.4), fed as the octets arrive, in pieces cut anywhere. Not thread-safe.</summary>
/// <remarks>
/// Line ends and blanks are held back until an octet follows them that is neither; what then never follows was the end of the
/// body. Text between two changes goes to the hash in one run, small runs by way of a buffer: a call for every line would halve the speed.
/// </remarks>
internal sealed class BodyHash : IDisposable
{
    /// <summary>Octets of the hash.</summary>
    public const int Length = 32;

    private const int LargeRun = 1_024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[4_096];
    private readonly bool _isRelaxed;
    private readonly long _limit;
    private int _buffered;
    private long _lines;
    private bool _isBlank;
    private bool _isReturn;
    private long _written;

    public BodyHash()
        : this(Canonicalization.Relaxed)
    {
    }

    /// <param name="canonicalization">Which rules.</param>
    /// <param name="limit">Canonical octets that are hashed, the l= of a signature; what follows is only counted.</param>
    public BodyHash(Canonicalization canonicalization, long limit = long.MaxValue)
    {
        _isRelaxed = canonicalization is Canonicalization.Relaxed;
        _limit = limit;
    }

    /// <summary>Octets of the last finished body in canonical form, those beyond the limit included.</summary>
    public long CanonicalLength { get; private set; }

    public void Append(ReadOnlySpan<byte> octets)
    {
        var at = 0;
        while (at < octets.Length)
        {
            at += _isReturn ? EndReturn(octets[at]) : Take(octets[at..]);
        }
    }

    /// <summary>Ends the body, writes 32 octets, and makes ready for the next body.</summary>
    public void Finish(Span<byte> hash)
    {
        if (_isReturn)
        {
            EmitHeld();
            Emit("\r"u8);
        }

        if (_written > 0 || !_isRelaxed)
        {
            Emit("\r\n"u8);
        }

        Flush();
        _hash.GetHashAndReset(hash);
        CanonicalLength = _written;
        (_lines, _isBlank, _isReturn, _written) = (0, false, false, 0);
    }

    public void Dispose() => _hash.Dispose();

    // A CR was held: with LF it ends a line, otherwise it is an octet like any other.
    private int EndReturn(byte next)
    {
        _isReturn = false;
        if (next == '\n')
        {
            _lines++;
            _isBlank = false;
            return 1;
        }

        EmitHeld();
        Emit("\r"u8);
        return 0;
    }

    private int Take(ReadOnlySpan<byte> rest)
    {
        switch (rest[0])
        {
            case (byte)'\r' when rest.Length > 1:
                return 1 + EndReturn(rest[1]);
            case (byte)'\r':
                _isReturn = true;
                return 1;
            case (byte)' ' or (byte)'\t' when _isRelaxed:
                _isBlank = true;
                var length = rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
                return length < 0 ? rest.Length : length;
            default:
                EmitHeld();
                var run = rest[..RunLength(rest)];
                Emit(run);
                return run.Length;
        }
    }

    // How much stays as it is. Blanks and line ends at its end are left to be held back; the first octet is neither.
    private int RunLength(ReadOnlySpan<byte> rest)
    {
        var length = _isRelaxed ? BlankRun.FirstChange(rest) : rest.Length;
        while (length > 1 && (rest[length - 1] is (byte)'\r' or (byte)'\n' || (_isRelaxed && rest[length - 1] == ' ')))
        {
            length--;
        }

        return length;
    }

    private void EmitHeld()
    {
        for (; _lines > 0; _lines--)
        {
            Emit("\r\n"u8);
        }

        if (_isBlank)
        {
            Emit(" "u8);
            _isBlank = false;
        }
    }

    private void Emit(ReadOnlySpan<byte> octets)
    {
        var room = Math.Max(0, _limit - _written);
        _written += octets.Length;
        octets = octets.Length > room ? octets[..(int)room] : octets;
        if (octets.Length > _buffer.Length - _buffered)
        {
            Flush();
        }

        if (octets.Length >= LargeRun)
        {
            Flush();
            _hash.AppendData(octets);
            return;
        }

        octets.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += octets.Length;
    }

    private void Flush()
    {
        _hash.AppendData(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }
}
