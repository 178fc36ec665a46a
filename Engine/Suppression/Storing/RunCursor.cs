using System.Runtime.InteropServices;

namespace Engine.Suppression.Storing;

/// <summary>Reads a run from its first record to its last, 64 pages at a time.</summary>
internal sealed class RunCursor(Run run)
{
    private const int BufferPages = 64;

    private readonly byte[] _buffer = new byte[BufferPages * RunFormat.PageLength];
    private long _first;
    private int _pages;
    private int _page;
    private int _next;
    private int _inPage;

    public StoredRecord Current { get; private set; }

    public bool MoveNext()
    {
        if (_next == _inPage && !NextPage())
        {
            return false;
        }

        Current = MemoryMarshal.Read<StoredRecord>(_buffer.AsSpan((_page * RunFormat.PageLength) + (_next * StoredRecord.Length)));
        _next++;
        return true;
    }

    private bool NextPage()
    {
        _page++;
        if (_page >= _pages)
        {
            _first += _pages;
            _pages = run.ReadPages(_first, _buffer);
            _page = 0;
            if (_pages == 0)
            {
                return false;
            }
        }

        _next = 0;
        _inPage = run.RecordsOn(_first + _page);
        return true;
    }
}
