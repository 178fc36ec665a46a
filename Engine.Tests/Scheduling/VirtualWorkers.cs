using System.Net;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Scheduling;

namespace Engine.Tests.Scheduling;

/// <summary>A scheduler with workers that take no real time: each opens a connection and sends, in virtual time. One thread.</summary>
internal sealed class VirtualWorkers : IDisposable
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly ReadyItem[] _items = new ReadyItem[50];
    private readonly TimeSpan _connect;
    private readonly TimeSpan _message;
    private readonly HashSet<Lane> _open = [];
    private long _order;
    private int _slots;

    public VirtualWorkers(ManualClock clock, LimitTree limits, TimeSpan connect = default, TimeSpan message = default, int connections = 10_000, int perDestination = 20, ISourceWeights? weights = null, ILimitSource? dynamic = null)
    {
        (Clock, _connect, _message) = (clock, connect, message);
        Scheduler = new Scheduler(limits, clock, new SchedulerSettings(connections, perDestination), Start, dynamic, weights);
    }

    public ManualClock Clock { get; }

    public Scheduler Scheduler { get; }

    /// <summary>What was sent, in order.</summary>
    public List<(int Slot, Flow Flow, Lane Lane, DateTimeOffset At)> Sent { get; } = [];

    /// <summary>Flow of each slot.</summary>
    public List<Flow> Flows { get; } = [];

    /// <summary>Workers leave their connections open for the next.</summary>
    public bool KeepsOpen { get; init; }

    public int Started { get; private set; }

    public int MostAtOnce { get; private set; }

    /// <summary>Connections that were opened.</summary>
    public int Opened { get; private set; }

    public static Pool PoolOf(StreamClass? streamClass, params int[] weights) => new(
        "default",
        streamClass,
        [.. weights.Select((weight, index) => (new Source(new SourceId((short)index), $"s{index}", IPAddress.Loopback, null, "mta.example"), weight))]);

    public int Add(Pool pool, Flow flow, int destination = 1, ulong? message = null, string? operatorId = null, SourceHint hint = default, Engagement engagement = Engagement.Normal, string? set = null)
    {
        var slot = _slots++;
        Flows.Add(flow);
        var until = Scheduler.Add(new DestinationId(destination), $"mx{destination}", operatorId ?? $"mx{destination}", pool, flow, new ReadyItem(slot, new MessageId(message ?? (ulong)(slot + 1_000_000)), engagement), hint, set);
        if (until != 0)
        {
            Assert.Fail("every lane is paused for trouble");
        }

        return slot;
    }

    /// <summary>At a later time.</summary>
    public void At(TimeSpan after, Action action) => _events.Enqueue(action, (Clock.GetTimestamp() + after.Ticks, _order++));

    public void Run(TimeSpan span)
    {
        var end = Clock.GetTimestamp() + span.Ticks;
        var step = Math.Max(TimeSpan.TicksPerMillisecond, span.Ticks / 100_000);
        RunEvents();
        while (true)
        {
            var next = _events.TryPeek(out _, out var key) ? key.At : long.MaxValue;
            if (next > end)
            {
                // Timers may start workers on the way: look again after each step.
                var rest = Math.Min(end - Clock.GetTimestamp(), step);
                if (rest <= 0)
                {
                    return;
                }

                Clock.Advance(TimeSpan.FromTicks(rest));
            }
            else
            {
                Clock.Advance(TimeSpan.FromTicks(Math.Min(next - Clock.GetTimestamp(), TimeSpan.TicksPerMillisecond)));
            }

            RunEvents();
        }
    }

    public void Dispose() => Scheduler.Dispose();

    private void RunEvents()
    {
        while (_events.TryPeek(out var action, out var key) && key.At <= Clock.GetTimestamp())
        {
            _events.Dequeue();
            action();
        }
    }

    private void Start(Lane lane)
    {
        Started++;
        MostAtOnce = Math.Max(MostAtOnce, Scheduler.Workers);
        At(TimeSpan.Zero, () =>
        {
            if (Scheduler.TryPull(lane, PullKind.First, _items, out var pulled))
            {
                var count = pulled.Count;
                var slots = _items[..count].Select(item => item.Slot).ToArray();
                At(_connect, () =>
                {
                    var isReused = _open.Remove(lane);
                    Opened += isReused ? 0 : 1;
                    Scheduler.Connected(lane, isReused);
                    Send(lane, slots);
                });
            }
        });
    }

    private void Send(Lane lane, int[] slots) => At(_message, () =>
    {
        foreach (var slot in slots)
        {
            Sent.Add((slot, Flows[slot], lane, Clock.GetUtcNow()));
        }

        if (Scheduler.TryPull(lane, PullKind.Next, _items, out var pulled))
        {
            Send(lane, [.. _items[..pulled.Count].Select(item => item.Slot)]);
        }
        else if (KeepsOpen)
        {
            _open.Add(lane);
        }
    });
}
