using Engine.Configuration.Providers;
using Engine.Reputation;
using Engine.Reputation.Warmup;

namespace Engine.Tests.Reputation.Warmup;

/// <summary>
/// A sender with more mail than it may send, in virtual time, minute by minute: it asks the book, keeps a bucket of the rate it is told, sends
/// what the bucket holds and the day leaves, and observes the answers.
/// </summary>
internal sealed class WarmupScenario(ReceiverModel receiver)
{
    private const int MinutesPerHour = 60;
    private const int Unlimited = 200;

    private readonly Queue<int> _hour = new();
    private double _tokens;
    private long _sent;

    public required WarmupBook Book { get; set; }

    public DateTimeOffset Now { get; private set; } = Attempts.Start;

    /// <summary>Of a hundred recipients, how many do not exist.</summary>
    public int DeadPercent { get; set; } = 1;

    public List<WarmupChange> Changes { get; } = [];

    /// <summary>By UTC day: allowance in the morning, attempted, deferred, most within any sixty minutes.</summary>
    public List<(long Allowance, int Sent, int Deferred, int Hour)> Days { get; } = [];

    public void Run(int days)
    {
        for (var day = 0; day < days; day++)
        {
            var allowance = Book.Now(Now);
            var (sent, deferred, most) = (0, 0, 0);
            for (var minute = 0; minute < 24 * MinutesPerHour; minute++)
            {
                var (now, refused) = Minute();
                (sent, deferred) = (sent + now, deferred + refused);
                most = Math.Max(most, Hour(now));
                Now += TimeSpan.FromMinutes(1);
                Book.Tick(Now, Changes);
            }

            Days.Add((allowance.DayAllowance, sent, deferred, most));
        }
    }

    public void Rest(TimeSpan span)
    {
        Now += span;
        _hour.Clear();
        Book.Tick(Now, Changes);
    }

    private (int Sent, int Deferred) Minute()
    {
        var allowance = Book.Now(Now);
        _tokens = allowance.IsWarm ? Unlimited : Math.Min(_tokens + (allowance.RatePerSecond * 60), allowance.Burst + (allowance.RatePerSecond * 60));
        var (sent, deferred) = (0, 0);
        for (; _tokens >= 1 && sent < allowance.RemainingToday; _tokens--, sent++)
        {
            var code = receiver.Answer(Now, exists: _sent++ % 100 >= DeadPercent);
            Book.Observe(code switch
            {
                250 => Attempts.Of(Now),
                550 => Attempts.Of(Now, ObservationKind.Failed, CategoryClass.Hard, "bad_recipient"),
                _ => Attempts.Of(Now, ObservationKind.Deferred, CategoryClass.Throttle),
            });
            deferred += code == 421 ? 1 : 0;
        }

        return (sent, deferred);
    }

    private int Hour(int sent)
    {
        _hour.Enqueue(sent);
        if (_hour.Count > MinutesPerHour)
        {
            _hour.Dequeue();
        }

        return _hour.Sum();
    }
}
