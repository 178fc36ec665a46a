namespace Engine.Reputation.Brakes;

/// <summary>What is known of one subject. Reused when another takes its place. Not thread-safe.</summary>
internal sealed class BrakeTrack : ISenderTrack<BrakeSubject>
{
    // Complaints come for days after the mail: so many windows it is remembered how much that was.
    private const int PeakWindows = 7;

    private readonly RateRing _hard = new();
    private readonly RateRing _complaints = new();
    private BrakeLevel _hardLevel;
    private BrakeLevel _complaintLevel;
    private long _peak;
    private long _peakStep;

    public BrakeSubject Subject { get; private set; }

    public bool Touched { get; set; }

    public int Turn { get; private set; }

    /// <summary>Of an account: its campaigns that were paused last.</summary>
    public PausedCampaigns Paused { get; private set; } = new();

    public BrakeLevel Level => _hardLevel > _complaintLevel ? _hardLevel : _complaintLevel;

    public void Begin(BrakeSubject subject)
    {
        Clear();
        (Subject, Touched) = (subject, false);
        Turn++;
    }

    /// <summary>Forgets all but who it is.</summary>
    public void Clear()
    {
        Clear(BrakeRule.HardBounce);
        Clear(BrakeRule.Complaint);
        Paused.Clear();
    }

    public void Clear(BrakeRule rule)
    {
        Ring(rule).Clear();
        SetLevel(rule, BrakeLevel.None);
        if (rule is BrakeRule.Complaint)
        {
            (_peak, _peakStep) = (0, 0);
        }
    }

    public void Delivered(long hardStep, long complaintStep)
    {
        _hard.AddGood(hardStep);
        _complaints.AddGood(complaintStep);
        if (_complaints.Good >= _peak || complaintStep - _peakStep > PeakWindows * RateRing.Steps)
        {
            (_peak, _peakStep) = (_complaints.Good, complaintStep);
        }
    }

    public void Bad(BrakeRule rule, long step) => Ring(rule).AddBad(step);

    public BrakeLevel LevelOf(BrakeRule rule) => rule is BrakeRule.HardBounce ? _hardLevel : _complaintLevel;

    public void SetLevel(BrakeRule rule, BrakeLevel level)
    {
        if (rule is BrakeRule.HardBounce)
        {
            _hardLevel = level;
        }
        else
        {
            _complaintLevel = level;
        }
    }

    /// <summary>What is bad, and what it is a share of.</summary>
    public (long Bad, long Of) Count(BrakeRule rule, long step)
    {
        var ring = Ring(rule);
        ring.MoveTo(step);
        return rule is BrakeRule.HardBounce
            ? (ring.Bad, ring.Good + ring.Bad)
            : (ring.Bad, step - _peakStep > PeakWindows * RateRing.Steps ? ring.Good : Math.Max(_peak, ring.Good));
    }

    /// <summary>Takes away what another brought: it was forgiven.</summary>
    public void Subtract(BrakeTrack other)
    {
        _hard.Subtract(other._hard);
        _complaints.Subtract(other._complaints);
        _peak = Math.Max(_complaints.Good, _peak - other._peak);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Subject.Account);
        writer.Write((byte)Subject.Kind);
        writer.Write(Subject.Name);
        writer.Write((byte)Subject.Class);
        writer.Write((byte)_hardLevel);
        writer.Write((byte)_complaintLevel);
        writer.Write(_peak);
        writer.Write(_peakStep);
        _hard.Write(writer);
        _complaints.Write(writer);
        Paused.Write(writer);
    }

    /// <exception cref="InvalidDataException">It was not written so.</exception>
    public void Read(BinaryReader reader)
    {
        Clear();
        Subject = new BrakeSubject(reader.ReadString(), (BrakeSubjectKind)reader.ReadByte(), reader.ReadString(), (Mail.StreamClass)reader.ReadByte());
        (_hardLevel, _complaintLevel) = ((BrakeLevel)reader.ReadByte(), (BrakeLevel)reader.ReadByte());
        (_peak, _peakStep) = (reader.ReadInt64(), reader.ReadInt64());
        _hard.Read(reader);
        _complaints.Read(reader);
        Paused.Read(reader);
    }

    private RateRing Ring(BrakeRule rule) => rule is BrakeRule.HardBounce ? _hard : _complaints;
}
