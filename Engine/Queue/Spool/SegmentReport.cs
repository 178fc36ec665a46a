namespace Engine.Queue.Spool;

/// <summary>What one file of a log holds.</summary>
internal sealed class SegmentReport(int number, string file, long length)
{
    public int Number { get; } = number;

    public string File { get; } = file;

    /// <summary>Octets of the file.</summary>
    public long Length { get; } = length;

    /// <summary>Whole frames.</summary>
    public long Frames { get; set; }

    /// <summary>First sequence number met; 0 for none.</summary>
    public ulong First { get; set; }

    /// <summary>Last sequence number met.</summary>
    public ulong Last { get; set; }

    /// <summary>Octets of frames of messages that still have recipients queued.</summary>
    public long Living { get; set; }

    /// <summary>Damaged places that begin here.</summary>
    public int Damaged { get; set; }
}
