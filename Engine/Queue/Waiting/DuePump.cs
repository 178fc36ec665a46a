using System.Threading.Channels;
using Engine.Queue.Frames;

namespace Engine.Queue.Waiting;

/// <summary>Sends out what is due: one timer that sleeps exactly until the wheel's next tick, and the channel of ready slots.</summary>
/// <param name="index">Used under <paramref name="gate"/> only.</param>
/// <param name="gate">The queue's lock.</param>
/// <param name="clock">Clock and timer.</param>
internal sealed class DuePump(QueueIndex index, Lock gate, TimeProvider clock) : IDisposable
{
    private static readonly UnboundedChannelOptions Options = new() { SingleReader = true, AllowSynchronousContinuations = false };

    private readonly Channel<int> _due = Channel.CreateUnbounded<int>(Options);
    private readonly List<int> _fired = [];
    private ITimer? _timer;
    private uint? _armed;

    public ChannelReader<int> Due => _due.Reader;

    public uint Now => Seconds.Passed(clock.GetUtcNow());

    /// <summary>Under the lock.</summary>
    public void Send(int slot) => _due.Writer.TryWrite(slot);

    /// <summary>Under the lock: hands out a recipient whose time has come, or puts it into the wheel.</summary>
    public void Start(int slot, uint now)
    {
        if (index.Start(slot, now))
        {
            Send(slot);
        }
    }

    /// <summary>Under the lock, after anything was put into the wheel.</summary>
    public void Arm()
    {
        if (index.Wheel.NextTick is not { } next || _armed <= next)
        {
            return;
        }

        _armed = next;
        var wait = Seconds.ToTime(next) - clock.GetUtcNow();
        wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        if (_timer is null)
        {
            _timer = clock.CreateTimer(static pump => ((DuePump)pump!).Fire(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>No slot follows.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            _armed = 0;
            _timer?.Dispose();
            _due.Writer.TryComplete();
        }
    }

    private void Fire()
    {
        lock (gate)
        {
            if (_armed is null or 0)
            {
                return;
            }

            _armed = null;
            _fired.Clear();
            index.Advance(Now, _fired);
            foreach (var slot in _fired)
            {
                Send(slot);
            }

            Arm();
        }
    }
}
