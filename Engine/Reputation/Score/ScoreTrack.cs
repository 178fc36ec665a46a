namespace Engine.Reputation.Score;

/// <summary>What is known of one sender. Reused when another takes its place. Not thread-safe.</summary>
internal sealed class ScoreTrack : ISenderTrack<ScoreSubject>
{
    public ScoreSubject Subject { get; private set; }

    public bool Touched { get; set; }

    public int Turn { get; private set; }

    public CountRing Counts { get; } = new();

    public ScoreStage Stage { get; private set; }

    /// <summary>When the stage began.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>An operator undid a step: none is taken before.</summary>
    public DateTimeOffset HandsOffUntil { get; private set; }

    public void Begin(ScoreSubject subject)
    {
        Counts.Clear();
        Turn++;
        (Subject, Touched, Stage, Since, HandsOffUntil) = (subject, false, ScoreStage.None, default, default);
    }

    public void Enter(ScoreStage stage, DateTimeOffset now) => (Stage, Since) = (stage, stage is ScoreStage.None ? default : now);

    public void KeepOff(DateTimeOffset until) => HandsOffUntil = until;

    public void Write(BinaryWriter writer)
    {
        writer.Write((byte)Subject.Kind);
        writer.Write(Subject.Name);
        writer.Write((byte)Stage);
        writer.Write(Since.UtcTicks);
        writer.Write(HandsOffUntil.UtcTicks);
        Counts.Write(writer);
    }

    /// <exception cref="InvalidDataException">It was not written so.</exception>
    public void Read(BinaryReader reader)
    {
        Begin(new ScoreSubject((ScoreKind)reader.ReadByte(), reader.ReadString()));
        (Stage, Since, HandsOffUntil) = ((ScoreStage)reader.ReadByte(), Time(reader), Time(reader));
        Counts.Read(reader);
    }

    private static DateTimeOffset Time(BinaryReader reader) => reader.ReadInt64() is >= 0 and var ticks && ticks <= DateTimeOffset.MaxValue.UtcTicks
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : throw new InvalidDataException("no time");
}
