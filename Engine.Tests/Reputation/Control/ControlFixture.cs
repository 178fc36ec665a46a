using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Control;
using Engine.Reputation.Control.Pacing;

namespace Engine.Tests.Reputation.Control;

/// <summary>Control with ten connections configured everywhere, two sources in one pool, and a clock that the test moves.</summary>
internal sealed class ControlFixture : IControlFrame
{
    public ControlFixture(ControlOptions? options = null) => Control = new TrafficControl(this, options ?? new ControlOptions());

    public TrafficControl Control { get; }

    public double? Rate { get; set; }

    public DateTimeOffset Now { get; private set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public List<ControlChange> Changes { get; } = [];

    public static ControlKey Key(FlowScope scope, string subject) => new(scope, scope is FlowScope.Source ? string.Empty : "big", subject);

    public Ceiling CeilingOf(ControlKey key) => new(Rate, 10, 100);

    public IReadOnlyList<string> Siblings(string source) => ["a", "b"];

    public void Pass(TimeSpan span)
    {
        for (var end = Now + span; Now < end;)
        {
            Now += end - Now < TimeSpan.FromSeconds(1) ? end - Now : TimeSpan.FromSeconds(1);
            Control.Tick(Now, Changes);
        }
    }

    /// <summary>Good replies, evenly over a time.</summary>
    public void Good(int count, TimeSpan over, string source = "a")
    {
        for (var sent = 0; sent < count; sent++)
        {
            Control.Observe(Of(ObservationKind.Delivered, source), Changes);
            Pass(over / count);
        }
    }

    public void Bad(string category, CategoryClass categoryClass, params FlowAction[] actions) =>
        Control.Observe(Of(ObservationKind.Deferred, "a") with { Category = new Category(category), CategoryClass = categoryClass, Rule = "test." + category, Actions = actions, Command = SmtpCommand.Mail }, Changes);

    public void Observe(Observation observation) => Control.Observe(observation, Changes);

    public Observation Of(ObservationKind kind, string source) => new()
    {
        At = Now,
        Source = source,
        Operator = "big",
        SenderDomain = "shop.example",
        Account = "acme",
        Campaign = "spring",
        Class = StreamClass.Marketing,
        Kind = kind,
    };
}
