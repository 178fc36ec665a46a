using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;
using Engine.Scheduling;

namespace Engine.Tests.Scheduling;

/// <summary>What <c>why</c> reads: whatever keeps mail waiting is found, wherever it stands.</summary>
internal sealed class ExplainerTests
{
    private static readonly DestinationId Here = new(1);
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), "");
    private static readonly Flow Other = News with { Account = "other", Campaign = "autumn" };

    private readonly ManualClock _clock = new();
    private readonly LimitTree _limits;

    public ExplainerTests() => _limits = new LimitTree(_clock);

    [Test]
    public void Asked_for_nobody_the_flows_that_limits_of_their_own_bind_are_told()
    {
        using var workers = Run(new LimitOptions { Match = new Dictionary<LimitDimension, string> { [LimitDimension.Account] = "acme" }, Per = [LimitDimension.Account], Rate = new Rate(1, TimeSpan.FromHours(1), 1) }, News, News, Other);

        var why = workers.Scheduler.Explain(Here, "default", null)!;

        var flow = why.Flows.Single();
        Assert.That((flow.Flow, flow.Waiting, flow.IsBlocked), Is.EqualTo((News, 1, true)));
        Assert.That(flow.Limits.Single().Kind, Is.EqualTo(BindingKind.Rate));
    }

    [Test]
    public void Limits_of_a_flow_by_its_source_are_among_those_of_the_lane()
    {
        using var workers = Run(new LimitOptions { Per = [LimitDimension.Account, LimitDimension.Source], Rate = new Rate(1, TimeSpan.FromHours(1), 1) }, News, News);

        foreach (var asked in new[] { null, News })
        {
            var bound = workers.Scheduler.Explain(Here, "default", asked)!.Lanes.Single().Limits.Single(limit => limit.Binds);
            Assert.That((bound.Limit.Key, bound.Kind), Is.EqualTo(("acme/s0", BindingKind.Rate)));
        }
    }

    [Test]
    public void A_flow_that_waits_for_the_source_a_greylisting_server_has_seen_is_found()
    {
        var pool = VirtualWorkers.PoolOf(null, 1);
        var pausing = new OneLane(_limits.Dynamic("order", "mx", LimitDimension.Provider));
        using var workers = new VirtualWorkers(_clock, _limits, dynamic: pausing);
        pausing.Limit.PauseUntil(long.MaxValue, "order");
        workers.Add(pool, News, hint: new SourceHint(pool.Sources[0].Id, _clock.GetTimestamp() + TimeSpan.FromMinutes(5).Ticks));
        workers.Run(TimeSpan.FromSeconds(1));

        var why = workers.Scheduler.Explain(Here, "default", News)!;

        Assert.That((why.FlowWaiting, why.WaitingForSource, why.Flows.Single().WantedSource), Is.EqualTo((1, 1, pool.Sources[0].Id)));
        Assert.That(why.Flows.Single().WantedUntil, Is.GreaterThan(_clock.GetUtcNow() + TimeSpan.FromMinutes(4)));
        var bound = why.Lanes.Single().Limits.Single();
        Assert.That((bound.Kind, bound.Until), Is.EqualTo((BindingKind.Pause, default(DateTimeOffset?))), "a pause without an end");
    }

    private VirtualWorkers Run(LimitOptions limit, params Flow[] flows)
    {
        _limits.Load(new Dictionary<string, LimitOptions> { ["l"] = limit });
        var workers = new VirtualWorkers(_clock, _limits);
        var pool = VirtualWorkers.PoolOf(null, 1);
        foreach (var flow in flows)
        {
            workers.Add(pool, flow);
        }

        workers.Run(TimeSpan.FromSeconds(10));
        return workers;
    }

    private sealed class OneLane(Limit limit) : ILimitSource
    {
        public Limit Limit { get; } = limit;

        public int Version => 0;

        public void OfLane(string operatorId, string source, List<Limit> limits) => limits.Add(Limit);

        public void OfFlow(string operatorId, Flow flow, List<Limit> limits)
        {
        }
    }
}
