using Engine.Reputation.Control.Pacing;

namespace Engine.Reputation.Control;

/// <summary>One key under control: what was heard of it lately, and what it may do. One thread.</summary>
internal sealed class Channel(ControlKey key)
{
    public ControlKey Key { get; } = key;

    public Tally Tally { get; } = Tally.OfAMinute();

    public Pace Pace { get; } = new();

    public DateTimeOffset Seen { get; set; }

    public void Good(DateTimeOffset at)
    {
        Tally.Add(at, Mark.Good);
        Pace.Taken();
        Seen = at;
    }
}
