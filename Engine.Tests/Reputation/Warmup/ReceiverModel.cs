namespace Engine.Tests.Reputation.Warmup;

/// <summary>
/// A large receiver as its published behaviour has it: an address may send a volume a day that grows with what it sent before and with how it is thought of;
/// beyond it every recipient is answered 421 4.7.28 until the next day. Days are those of UTC.
/// </summary>
/// <param name="growth">How much more than on its best recent day it takes.</param>
/// <param name="unknown">What it takes from an address without history.</param>
internal sealed class ReceiverModel(double growth, int unknown)
{
    private const double BadShare = 0.04;
    private const int Memory = 30;

    private readonly List<int> _days = [];
    private DateTime _day;
    private int _taken;
    private int _hard;
    private int _asked;
    private double _standing = 1;

    public int Limit => (int)Math.Max(unknown, (_days.Count == 0 ? 0 : _days.Max() * growth) * _standing);

    /// <summary>What it says to one recipient: 250, 421 or 550.</summary>
    public int Answer(DateTimeOffset now, bool exists)
    {
        if (now.UtcDateTime.Date != _day)
        {
            Turn(now.UtcDateTime.Date);
        }

        _asked++;
        if (_taken >= Limit)
        {
            return 421;
        }

        if (!exists)
        {
            _hard++;
            return 550;
        }

        _taken++;
        return 250;
    }

    // Who writes to nobody is thought of worse by the day, and better only slowly.
    private void Turn(DateTime day)
    {
        if (_asked > 0)
        {
            _standing = _hard > BadShare * _asked ? _standing * 0.5 : Math.Min(1, _standing * 1.3);
            _days.Add(_taken);
        }

        for (var silent = _day; _asked > 0 && silent.AddDays(1) < day && _days.Count < Memory; silent = silent.AddDays(1))
        {
            _days.Add(0);
        }

        _days.RemoveRange(0, Math.Max(0, _days.Count - Memory));
        (_day, _taken, _hard, _asked) = (day, 0, 0, 0);
    }
}
