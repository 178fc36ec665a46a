namespace Engine.Reputation.Control.Pacing;

/// <summary>Counts what comes after a first refusal, for a moment, so that one reply alone cuts nothing and the cut finds the receiver's bound. One thread.</summary>
internal sealed class Judgement
{
    public bool IsOpen { get; private set; }

    public DateTimeOffset From { get; private set; }

    public int Good { get; private set; }

    public int Bad { get; private set; }

    public Cut Cut { get; private set; }

    public void Refused(DateTimeOffset now, Cut cut)
    {
        if (!IsOpen)
        {
            (IsOpen, From, Good, Bad) = (true, now, 0, 0);
        }

        Cut = cut;
        Bad++;
    }

    public void Taken() => Good++;

    public void Close() => IsOpen = false;
}
