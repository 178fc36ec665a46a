using Engine.Queue.Frames;
using Engine.Queue.Logs;

namespace Engine.Queue.Spool;

/// <summary>What one log holds, and what of it is damaged.</summary>
internal sealed class LogReport(SpoolLogFiles files)
{
    /// <summary>Places kept for the report; further ones are only counted.</summary>
    private const int Kept = 1_000;

    private readonly List<Damage> _damages = [];

    public int Shard { get; } = files.Shard;

    public int Generation { get; } = files.Generation;

    public string Directory { get; } = files.Path;

    /// <summary>The newest whole one.</summary>
    public CommitMark? Mark { get; set; }

    /// <summary>All places for marks, in the file's order.</summary>
    public IReadOnlyList<MarkState> Marks { get; set; } = [];

    public List<SegmentReport> Segments { get; } = [];

    /// <summary>Segments that must be there and are not.</summary>
    public List<int> MissingSegments { get; } = [];

    /// <summary>Whole frames and their octets by kind.</summary>
    public SortedDictionary<FrameKind, (long Frames, long Octets)> Kinds { get; } = [];

    /// <summary>Runs of sequence numbers; more than one means that frames are missing between them.</summary>
    public IReadOnlyList<(ulong From, ulong Until)> Sequences { get; set; } = [];

    /// <summary>Starts of the engine met.</summary>
    public SortedSet<uint> Incarnations { get; } = [];

    /// <summary>Whole frames behind the commit mark: taken by a start of the engine, though nobody was told of them.</summary>
    public long FramesBehind { get; set; }

    /// <summary>Address after the last frame.</summary>
    public long End { get; set; }

    /// <summary>Damaged places before the commit mark: what was promised is hurt.</summary>
    public IReadOnlyList<Damage> Damages => _damages;

    /// <summary>How many there are, those not kept included.</summary>
    public int DamageCount { get; private set; }

    /// <summary>What is not whole behind the commit mark: a torn end, as a crash leaves it. It was never acknowledged.</summary>
    public List<Damage> Torn { get; } = [];

    public long Frames => Kinds.Values.Sum(static kind => kind.Frames);

    public long Octets => Segments.Sum(static segment => segment.Length);

    /// <summary>Octets of the message frames and parts of messages that have recipients queued.</summary>
    public long Living => Segments.Sum(static segment => segment.Living);

    public void Add(Damage damage, bool isAcknowledged)
    {
        if (!isAcknowledged)
        {
            if (Torn.Count < Kept)
            {
                Torn.Add(damage);
            }

            return;
        }

        DamageCount++;
        if (_damages.Count < Kept)
        {
            _damages.Add(damage);
        }
    }
}
