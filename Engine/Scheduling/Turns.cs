using Engine.Limits;

namespace Engine.Scheduling;

/// <summary>
/// The turns a waiter was given in lines and has not used yet. It keeps its right to each, so that a second limit cannot send it to the end
/// of the first one's line again and again; but the token is promised to it only while it may take it at once. Guarded by its
/// destination's lock.
/// </summary>
internal sealed class Turns
{
    private readonly List<WaitLine> _rights = [];
    private WaitLine? _promised;

    public bool Has(WaitLine line) => _rights.Contains(line);

    /// <summary>It was woken: a token is promised.</summary>
    public void Grant(WaitLine line, LineAlarm alarm)
    {
        Decline(alarm);
        _promised = line;
        if (!_rights.Contains(line))
        {
            _rights.Add(line);
        }
    }

    /// <summary>It took what it waited for: recipients' tokens, or those of a connection.</summary>
    public void Use(bool ofConnects, LineAlarm alarm)
    {
        if (_rights.Count == 0)
        {
            return;
        }

        _rights.RemoveAll(line => line.IsOfConnects == ofConnects);
        if (_promised is { } line && line.IsOfConnects == ofConnects)
        {
            Decline(alarm);
        }
    }

    /// <summary>It cannot take the token now: it is for somebody else. The right stays.</summary>
    public void Decline(LineAlarm alarm)
    {
        if (_promised is { } line)
        {
            _promised = null;
            alarm.Settle(line);
        }
    }

    /// <summary>As <see cref="Decline"/>, where the caller settles the line.</summary>
    public void Abandon() => _promised = null;

    /// <summary>Whether it goes before others of its class, as it stands in this line again.</summary>
    public bool Return(WaitLine line) => _rights.Remove(line);
}
