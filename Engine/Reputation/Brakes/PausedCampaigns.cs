namespace Engine.Reputation.Brakes;

/// <summary>The two campaigns of an account that were paused last.</summary>
internal sealed class PausedCampaigns
{
    private (BrakeSubject Subject, long Ticks) _last;
    private (BrakeSubject Subject, long Ticks) _before;

    public void Add(in BrakeSubject subject, DateTimeOffset at) => (_before, _last) = (_last, (subject, at.UtcTicks));

    /// <summary>How many of them were paused since then: 0, 1 or 2.</summary>
    public int Since(DateTimeOffset start) => (_last.Ticks >= start.UtcTicks && _last.Ticks > 0 ? 1 : 0) + (_before.Ticks >= start.UtcTicks && _before.Ticks > 0 ? 1 : 0);

    /// <summary>The one paused last.</summary>
    public BrakeSubject Last => _last.Subject;

    public void Remove(in BrakeSubject subject)
    {
        if (_before.Subject == subject)
        {
            _before = default;
        }

        if (_last.Subject == subject)
        {
            (_last, _before) = (_before, default);
        }
    }

    public void Clear() => (_last, _before) = (default, default);

    public void Write(BinaryWriter writer)
    {
        Write(writer, _last);
        Write(writer, _before);
    }

    public void Read(BinaryReader reader) => (_last, _before) = (ReadOne(reader), ReadOne(reader));

    private static void Write(BinaryWriter writer, (BrakeSubject Subject, long Ticks) one)
    {
        writer.Write(one.Ticks);
        if (one.Ticks > 0)
        {
            writer.Write(one.Subject.Account);
            writer.Write((byte)one.Subject.Kind);
            writer.Write(one.Subject.Name);
            writer.Write((byte)one.Subject.Class);
        }
    }

    private static (BrakeSubject Subject, long Ticks) ReadOne(BinaryReader reader) => reader.ReadInt64() is > 0 and var ticks
        ? (new BrakeSubject(reader.ReadString(), (BrakeSubjectKind)reader.ReadByte(), reader.ReadString(), (Mail.StreamClass)reader.ReadByte()), ticks)
        : default;
}
