using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Control;
using Engine.Reputation.Control.Pacing;

namespace Engine.Tests.Simulation;

/// <summary>
/// Sources that send to modelled receivers under control: connections and rates as allowed, the source of each message by weight. Event by
/// event in virtual time; the same seed gives the same run.
/// </summary>
internal sealed class SendingModel : IControlFrame
{
    private static readonly TimeSpan Pump = TimeSpan.FromMilliseconds(100);

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _events = new();
    private readonly Dictionary<(string Source, string Operator), Lane> _lanes = [];
    private readonly Dictionary<string, Backlog> _backlogs = [];
    private readonly Random _chance;
    private readonly TimeSpan _latency;
    private readonly int _connections;
    private long _order;

    public SendingModel(IReadOnlyList<string> sources, int seed, int connections = 20, TimeSpan? latency = null, ControlOptions? options = null)
    {
        (Sources, _chance, _connections, _latency) = (sources, new Random(seed), connections, latency ?? TimeSpan.FromMilliseconds(200));
        Options = options ?? new ControlOptions();
        Control = new TrafficControl(this, Options);
        At(Now, Turn);
    }

    public ControlOptions Options { get; }

    public IReadOnlyList<string> Sources { get; }

    public TrafficControl Control { get; private set; }

    public DateTimeOffset Now { get; private set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public List<ControlChange> Changes { get; } = [];

    public List<Attempt> Attempts { get; } = [];

    public ReceiverModel Add(string @operator, double perSecond, params string[] campaigns)
    {
        var receiver = new ReceiverModel(new Random(_chance.Next()));
        _backlogs.Add(@operator, new Backlog(new ModelFlow(@operator, receiver, perSecond) { Campaigns = campaigns is [] ? ["c"] : campaigns }));
        foreach (var source in Sources)
        {
            _lanes.Add((source, @operator), new Lane());
        }

        return receiver;
    }

    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (_events.TryPeek(out var next, out var due) && due.At <= end)
        {
            _events.Dequeue();
            Now = due.At;
            next();
        }

        Now = end;
    }

    /// <summary>The process ends, its state is saved and read again after a time: connections are gone, control is new.</summary>
    public void Restart(TimeSpan away, bool save = true)
    {
        using var state = new MemoryStream();
        Control.Save(state, Now);
        Now += away;
        _events.Clear();
        foreach (var ((source, @operator), lane) in _lanes)
        {
            while (lane.Open > 0)
            {
                lane.Open--;
                _backlogs[@operator].Flow.Receiver.Close(source);
            }

            lane.Idle.Clear();
        }

        Control = new TrafficControl(this, Options);
        if (save)
        {
            state.Position = 0;
            Control.Load(state, Now);
        }

        At(Now, Turn);
    }

    /// <summary>Messages a second that come in from now on; what waits is dropped.</summary>
    public void SetDemand(string @operator, double perSecond) =>
        _backlogs[@operator] = new Backlog(_backlogs[@operator].Flow with { PerSecond = perSecond });

    public Ceiling CeilingOf(ControlKey key) => new(null, _connections, 1_000);

    public IReadOnlyList<string> Siblings(string source) => Sources;

    public Allowance AllowanceOf(string source, string @operator) => Control.Of(new ControlKey(FlowScope.SourceAtProvider, @operator, source));

    /// <summary>Tries that a predicate takes, from a time on.</summary>
    public int Count(DateTimeOffset from, Func<Attempt, bool> which) => Attempts.Count(attempt => attempt.At >= from && which(attempt));

    /// <summary>Share of tries since then that were put off.</summary>
    public double Deferred(DateTimeOffset from) => (double)Count(from, attempt => attempt.Kind is not ObservationKind.Delivered) / Math.Max(1, Count(from, _ => true));

    public double DeliveredPerSecond(DateTimeOffset from) => Count(from, attempt => attempt.Kind is ObservationKind.Delivered) / (Now - from).TotalSeconds;

    private void At(DateTimeOffset time, Action action) => _events.Enqueue(action, (time, _order++));

    private void Turn()
    {
        Control.Tick(Now, Changes);
        foreach (var ((source, @operator), lane) in _lanes)
        {
            Trim(source, @operator, lane);
        }

        for (var part = 0; part < 5; part++)
        {
            At(Now + (part * Pump), Dispatch);
        }

        At(Now + (5 * Pump), Turn);
    }

    // Connections that are more than allowed now, and idle, say QUIT.
    private void Trim(string source, string @operator, Lane lane)
    {
        var allowed = AllowanceOf(source, @operator).Connections ?? _connections;
        while (lane.Open > allowed && lane.Idle.TryPop(out _))
        {
            lane.Open--;
            _backlogs[@operator].Flow.Receiver.Close(source);
        }
    }

    private void Dispatch()
    {
        foreach (var backlog in _backlogs.Values)
        {
            backlog.Grow(Now);
            Dispatch(backlog);
        }
    }

    private void Dispatch(Backlog backlog)
    {
        var @operator = backlog.Flow.Operator;
        while (backlog.Waiting >= 1 && Choose(@operator) is { } source)
        {
            var lane = _lanes[(source, @operator)];
            var allowed = AllowanceOf(source, @operator);
            if (lane.Idle.Count == 0)
            {
                var greeting = backlog.Flow.Receiver.Connect(source);
                if (greeting.Kind is not ObservationKind.Delivered)
                {
                    lane.ConnectAfter = Now + TimeSpan.FromSeconds(5);
                    Observe(source, backlog, "c", greeting, 0);
                    continue;
                }

                lane.Open++;
                lane.Idle.Push(0);
            }

            lane.Take(Now, allowed.RatePerSecond);
            _lanes[(Sources[0], @operator)].TakeAll(Now, Control.Of(new ControlKey(FlowScope.Provider, @operator, string.Empty)).RatePerSecond);
            var (campaign, message, sent) = (backlog.NextCampaign(name => Control.Of(ControlKey.OfCampaign(@operator, "acme", name)).PausedUntil <= Now), backlog.Take(), lane.Idle.Pop() + 1);
            At(Now + _latency, () => Finish(source, backlog, campaign, message, sent));
        }
    }

    private void Finish(string source, Backlog backlog, string campaign, long message, int sent)
    {
        var (receiver, lane) = (backlog.Flow.Receiver, _lanes[(source, backlog.Flow.Operator)]);
        var reply = receiver.Send(Now, source, campaign, message, sent);
        var allowed = AllowanceOf(source, backlog.Flow.Operator);
        var closes = reply.Closes || lane.Open > (allowed.Connections ?? _connections) || allowed.PausedUntil > Now || sent >= (allowed.MessagesPerConnection ?? 1_000);
        if (closes)
        {
            lane.Open--;
            receiver.Close(source);
        }
        else
        {
            lane.Idle.Push(sent);
        }

        if (reply.Category is "greylist")
        {
            At(Now + TimeSpan.FromSeconds(65), () => backlog.Again.Enqueue(message));
        }

        Observe(source, backlog, campaign, reply, sent);
        Dispatch(backlog);
    }

    private void Observe(string source, Backlog backlog, string campaign, ModelReply reply, int sent)
    {
        Attempts.Add(new Attempt(Now, source, backlog.Flow.Operator, campaign, reply.Kind, reply.Category));
        Control.Observe(
            new Observation
            {
                At = Now,
                Source = source,
                Operator = backlog.Flow.Operator,
                SenderDomain = "sender.example",
                Account = "acme",
                Campaign = campaign,
                Class = StreamClass.Marketing,
                Kind = reply.Kind,
                Category = new Category(reply.Category),
                CategoryClass = reply.Class,
                Rule = reply.Rule,
                Actions = reply.Actions,
                Command = reply.Command,
                MessagesOnConnection = sent,
            },
            Changes);
    }

    private string? Choose(string @operator)
    {
        var all = Control.Of(new ControlKey(FlowScope.Provider, @operator, string.Empty));
        var open = Sources.Sum(source => _lanes[(source, @operator)].Busy);
        if (all.PausedUntil > Now || (all.Connections is { } most && open >= most) || Now < _lanes[(Sources[0], @operator)].NextOfAll)
        {
            return null;
        }

        var able = Sources.Select(source => (Source: source, Weight: WeightOf(source, @operator))).Where(choice => choice.Weight > 0).ToList();
        var mark = _chance.NextDouble() * able.Sum(choice => choice.Weight);
        foreach (var (source, weight) in able)
        {
            mark -= weight;
            if (mark <= 0)
            {
                return source;
            }
        }

        return null;
    }

    private double WeightOf(string source, string @operator)
    {
        var (lane, allowed) = (_lanes[(source, @operator)], AllowanceOf(source, @operator));
        var free = lane.Idle.Count > 0 && lane.Open <= (allowed.Connections ?? _connections);
        var mayOpen = lane.Open < (allowed.Connections ?? _connections) && Now >= lane.ConnectAfter;
        return allowed.PausedUntil > Now || Now < lane.Next || !(free || mayOpen) ? 0 : Control.ShareOf(source, @operator).Weight;
    }

    private sealed class Lane
    {
        public Stack<int> Idle { get; } = new();

        public int Open { get; set; }

        public int Busy => Open - Idle.Count;

        public DateTimeOffset ConnectAfter { get; set; }

        public DateTimeOffset Next { get; private set; }

        public DateTimeOffset NextOfAll { get; private set; }

        public void Take(DateTimeOffset now, double? rate) => Next = After(Next, now, rate);

        public void TakeAll(DateTimeOffset now, double? rate) => NextOfAll = After(NextOfAll, now, rate);

        // A burst of a tenth of a second: what waits for the pump is not lost.
        private static DateTimeOffset After(DateTimeOffset next, DateTimeOffset now, double? rate) =>
            rate is { } limit ? (next > now - Pump ? next : now - Pump) + TimeSpan.FromSeconds(1 / limit) : now - Pump;
    }

    private sealed class Backlog(ModelFlow flow)
    {
        private DateTimeOffset _grown;
        private double _fresh;
        private long _numbers;
        private int _turn;

        public ModelFlow Flow { get; } = flow;

        public Queue<long> Again { get; } = new();

        public double Waiting => _fresh + Again.Count;

        public void Grow(DateTimeOffset now)
        {
            _fresh += _grown == default ? 0 : Flow.PerSecond * (now - _grown).TotalSeconds;
            _fresh = double.IsPositiveInfinity(Flow.PerSecond) ? double.PositiveInfinity : _fresh;
            _grown = now;
        }

        // A paused campaign's turn goes to the next.
        public string NextCampaign(Func<string, bool> mayGo)
        {
            for (var tries = 0; tries < Flow.Campaigns.Count && !mayGo(Flow.Campaigns[_turn % Flow.Campaigns.Count]); tries++)
            {
                _turn++;
            }

            return Flow.Campaigns[_turn++ % Flow.Campaigns.Count];
        }

        public long Take()
        {
            if (Again.TryDequeue(out var again))
            {
                return again;
            }

            _fresh--;
            return _numbers++;
        }
    }
}
