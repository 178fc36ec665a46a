using System.Collections.Frozen;
using System.Net;
using Engine.Classification;
using Engine.Configuration;
using Engine.Feedback;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Blocklists;
using Engine.Reputation.Control;
using Engine.Reputation.Sources;
using Engine.Reputation.Steering;
using Engine.Reputation.Warmup;
using Engine.Routing;
using Engine.Scheduling;
using Engine.Tests.Reputation.Sources;

namespace Engine.Tests.Simulation;

/// <summary>
/// The deciding half of the engine in virtual time: scheduler, limits, classification, control, warm-up, listings. Workers, queue and
/// wire are stand-ins that take time and nothing else.
/// </summary>
internal sealed class SimulatedEngine : IDisposable
{
    private readonly Dictionary<string, ISimulatedReceiver> _receivers = [];
    private readonly Dictionary<string, Destination> _destinations = [];
    private readonly Dictionary<(string Source, string Operator), SimulatedCounts> _counts = [];
    private readonly Dictionary<(string Source, string Operator), List<(DateTimeOffset Until, int Messages)>> _idle = [];
    private readonly Dictionary<long, List<SimulatedRecipient>> _later = [];
    private readonly OutcomeJudge _judge;
    private readonly RetryOptions _retry;

    /// <param name="options">What is configured.</param>
    /// <param name="beat">How often control lets time pass; 250 ms as in the daemon, longer where days are simulated.</param>
    public SimulatedEngine(EngineOptions options, TimeSpan? beat = null)
    {
        Options = options;
        var snapshot = new Snapshot(options);
        var chance = new Random(1);
        Sources = new SourceMap(snapshot);
        Limits = new LimitTree(Time);
        Limits.Load(snapshot.Limits, TimeZoneInfo.Utc);
        Control = new TrafficControl(new ControlFrame(Limits, Sources, () => options.Delivery.Connections), options.Delivery.Control);
        Warmup = new WarmupBook(WarmupSubject.Source, WarmupSetup.OfSources(options, FrozenDictionary<string, int>.Empty));
        Helm = new Helm(new HelmParts
        {
            Limits = Limits,
            Control = Control,
            SourceWarmup = Warmup,
            DomainWarmup = new WarmupBook(WarmupSubject.SenderDomain, WarmupSetup.OfDomains(options)),
            Monitor = new SourceMonitor(new ListedAddresses()),
            Events = Events,
            Clock = Time,
            Listing = (source, _) => Quarantined.Contains(source) ? new Quarantine(0, null) : Quarantine.None,
            ListingVersion = () => ListingVersion,
        });
        var steered = new SteeredLanes(Helm);
        Scheduler = new Scheduler(Limits, Time, new SchedulerSettings(options.Delivery.Connections.Max, options.Delivery.Connections.PerDestination), Start, steered, steered);
        Helm.Changed += Scheduler.Reconsider;
        _retry = snapshot.Retry;
        _judge = new OutcomeJudge(new ReplyClassifier(snapshot.Providers), new RetryPlanner(chance), new SuppressionBreaker(), Helm);
        Chance = chance;
        Time.Every(beat ?? TimeSpan.FromMilliseconds(250), Helm.Tick);
    }

    public EngineOptions Options { get; }

    public SimulatedTime Time { get; } = new();

    public Random Chance { get; }

    public SourceMap Sources { get; }

    public LimitTree Limits { get; }

    public TrafficControl Control { get; }

    public WarmupBook Warmup { get; }

    public Helm Helm { get; }

    /// <summary>Sources that block lists have taken out; raise <see cref="ListingVersion"/> after a change.</summary>
    public HashSet<string> Quarantined { get; } = [];

    public long ListingVersion { get; set; }

    public Scheduler Scheduler { get; }

    public SimulatedEvents Events { get; } = new();

    public List<SimulatedRecipient> Recipients { get; } = [];

    public DateTimeOffset Now => Time.GetUtcNow();

    public int Delivered { get; private set; }

    public void Dispose() => Scheduler.Dispose();

    /// <summary>Opens a receiver.</summary>
    /// <param name="name">Id of a provider, or the name of a destination of none.</param>
    /// <param name="receiver">How it behaves.</param>
    /// <param name="isProvider">Whether the provider data knows it.</param>
    public void Open(string name, ISimulatedReceiver receiver, bool isProvider)
    {
        _receivers[name] = receiver;
        _destinations[name] = new Destination(new DestinationId(_destinations.Count + 1), isProvider ? $"mx.{name}" : name, isProvider ? name : null, [new ExchangerHost(10, $"mx.{name}.example", IPAddress.Loopback, 25)]);
    }

    public ISimulatedReceiver Receiver(string name) => _receivers[name];

    public SimulatedCounts Counts(string source, string operatorName)
    {
        var key = (source, operatorName);
        if (!_counts.TryGetValue(key, out var counts))
        {
            _counts[key] = counts = new SimulatedCounts();
        }

        return counts;
    }

    /// <summary>Accepts one recipient now.</summary>
    public SimulatedRecipient Submit(Flow flow, string receiver)
    {
        var recipient = new SimulatedRecipient(Recipients.Count, flow, receiver, Now);
        Recipients.Add(recipient);
        Dispatch(recipient, SourceId.None, default);
        return recipient;
    }

    /// <summary>Accepts recipients at a steady rate from now on.</summary>
    /// <param name="perSecond">How many; spread evenly.</param>
    /// <param name="lasts">For how long.</param>
    /// <param name="flow">Whose.</param>
    /// <param name="receiver">To whom.</param>
    public void SubmitSteadily(double perSecond, TimeSpan lasts, Flow flow, string receiver)
    {
        var (end, gap) = (Now + lasts, TimeSpan.FromSeconds(1 / perSecond));
        Next();

        void Next()
        {
            if (Now < end)
            {
                Submit(flow, receiver);
                Time.After(gap, Next);
            }
        }
    }

    private void Dispatch(SimulatedRecipient recipient, SourceId wanted, DateTimeOffset wantedUntil)
    {
        recipient.Due = Now;
        var pool = Sources.PoolFor(recipient.Flow.Pool, recipient.Flow.Class, recipient.Flow.Account)!;
        var item = new ReadyItem(recipient.Number, new MessageId((ulong)recipient.Number + 1), recipient.Flow.Engagement);
        var hint = wanted == SourceId.None ? default : new SourceHint(wanted, wantedUntil.UtcTicks);
        var destination = _destinations[recipient.Operator];
        if (Scheduler.Add(destination.Id, destination.Name, destination.Operator, pool, recipient.Flow with { Engagement = Engagement.Normal }, item, hint) is var until and > 0)
        {
            Later(recipient, until);
        }
    }

    private void Keep((string Source, string Operator) key, int messages)
    {
        if (!_idle.TryGetValue(key, out var stack))
        {
            _idle[key] = stack = [];
        }

        stack.Add((Now + Options.Delivery.Connections.Idle, messages));
    }

    private bool TryReuse((string Source, string Operator) key, out int messages)
    {
        messages = 0;
        if (!_idle.TryGetValue(key, out var stack))
        {
            return false;
        }

        while (stack.Count > 0 && stack[0].Until < Now)
        {
            stack.RemoveAt(0);
            _receivers[key.Operator].Disconnect(key.Source, Now);
        }

        if (stack.Count == 0)
        {
            return false;
        }

        messages = stack[^1].Messages;
        stack.RemoveAt(stack.Count - 1);
        return true;
    }

    // Those of one time together: a million of them are one event.
    private void Later(SimulatedRecipient recipient, long at)
    {
        if (_later.TryGetValue(at, out var waiting))
        {
            waiting.Add(recipient);
            return;
        }

        _later[at] = [recipient];
        Time.After(TimeSpan.FromTicks(at - Time.GetTimestamp()), () =>
        {
            _later.Remove(at, out var due);
            due!.ForEach(one => Dispatch(one, SourceId.None, default));
        });
    }

    private void Start(Lane lane) => new Worker(this, lane).Begin();

    private void Report(Lane lane, SimulatedRecipient recipient, SimulatedReply reply, SmtpCommand command, int messages)
    {
        var destination = _destinations[recipient.Operator];
        var outcome = new Outcome
        {
            Slot = recipient.Number,
            Kind = reply.IsGood ? OutcomeKind.Delivered : reply.Code == 0 ? OutcomeKind.Unreachable : OutcomeKind.Refused,
            Code = reply.Code,
            Enhanced = reply.EnhancedCode,
            Text = reply.Text,
            Command = command,
            Recipients = 1,
            Source = lane.Source.Id,
            At = Now,
        };
        recipient.Sources.Add(lane.Source.Name);
        var facts = new OutcomeFacts
        {
            Now = Now,
            GiveUpAt = recipient.Accepted + TimeSpan.FromDays(3),
            Attempts = recipient.Attempts,
            LastCategory = recipient.LastCategory,
            Flow = recipient.Flow,
            Provider = destination.Provider,
            Operator = destination.Operator,
            Source = lane.Source.Name,
            Pool = Sources.PoolFor(recipient.Flow.Pool, recipient.Flow.Class, recipient.Flow.Account),
            MessagesOnConnection = messages,
            Retry = _retry,
        };
        Follow(recipient, _judge.Judge(outcome, facts), outcome, lane.Source.Id, Counts(lane.Source.Name, recipient.Operator));
    }

    private void Follow(SimulatedRecipient recipient, in OutcomeDecision decision, in Outcome outcome, SourceId source, SimulatedCounts counts)
    {
        switch (decision.Action)
        {
            case OutcomeAction.Settle:
                recipient.Delivered = Now;
                Delivered++;
                counts.Count(Now, good: 1);
                break;
            case OutcomeAction.Fail:
                recipient.Failed = Now;
                counts.Count(Now, failed: 1);
                break;
            default:
                counts.Count(Now, deferred: outcome.Kind is OutcomeKind.Local ? 0 : 1);
                recipient.Attempts += (ushort)(decision.Action is OutcomeAction.Defer ? 1 : 0);
                recipient.LastCategory = decision.Judgement.Category;
                var (due, wanted) = (decision.Due, decision.WantsSameSource ? source : SourceId.None);
                Time.After(due > Now ? due - Now : TimeSpan.Zero, () => Dispatch(recipient, wanted, due + SourceHints.Grace));
                break;
        }
    }

    private sealed class Worker(SimulatedEngine engine, Lane lane)
    {
        private static readonly TimeSpan ConnectTime = TimeSpan.FromMilliseconds(100);

        private readonly ReadyItem[] _items = new ReadyItem[1];
        private bool _isOpen;
        private int _messages;

        private ISimulatedReceiver Receiver => engine._receivers[lane.Destination.Operator];

        public void Begin() => engine.Time.After(TimeSpan.Zero, Pull);

        private void Pull()
        {
            if (!engine.Scheduler.TryPull(lane, _isOpen ? PullKind.Next : PullKind.First, _items, out var pulled))
            {
                Keep();
                return;
            }

            var recipient = engine.Recipients[_items[0].Slot];
            if (_isOpen)
            {
                Send(recipient, pulled);
            }
            else if (engine.TryReuse((lane.Source.Name, lane.Destination.Operator), out _messages))
            {
                _isOpen = true;
                engine.Scheduler.Connected(lane, isReused: true);
                Send(recipient, pulled);
            }
            else
            {
                engine.Time.After(ConnectTime, () => Connect(recipient, pulled));
            }
        }

        private void Connect(SimulatedRecipient recipient, Pulled pulled)
        {
            var reply = Receiver.Connect(lane.Source.Name, engine.Now);
            if (!reply.IsGood)
            {
                engine.Report(lane, recipient, reply, SmtpCommand.Connect, 0);
                var pause = Engine.Delivery.LanePause.After(lane.Failures + 1, engine.Chance);
                foreach (var item in engine.Scheduler.Fail(lane, pause, reply.Text, wasConnecting: true))
                {
                    engine.Later(engine.Recipients[item.Slot], engine.Time.GetTimestamp() + pause.Ticks);
                }

                return;
            }

            _isOpen = true;
            engine.Scheduler.Connected(lane);
            Send(recipient, pulled);
        }

        private void Send(SimulatedRecipient recipient, Pulled pulled) => engine.Time.After(Receiver.Latency, () =>
        {
            var reply = Receiver.Receive(lane.Source.Name, recipient.Flow, recipient.Number, engine.Now);
            _messages++;
            engine.Report(lane, recipient, reply, SmtpCommand.Rcpt, _messages);
            if (reply.Code is 0 or 421 || _messages >= Math.Min(pulled.MessagesPerConnection, engine.Options.Delivery.Connections.Messages))
            {
                Leave();
                engine.Scheduler.End(lane, wasConnecting: false);
                return;
            }

            Pull();
        });

        // As the session cache does.
        private void Keep()
        {
            if (_isOpen)
            {
                _isOpen = false;
                engine.Keep((lane.Source.Name, lane.Destination.Operator), _messages);
            }
        }

        private void Leave()
        {
            if (_isOpen)
            {
                _isOpen = false;
                Receiver.Disconnect(lane.Source.Name, engine.Now);
            }
        }
    }
}
