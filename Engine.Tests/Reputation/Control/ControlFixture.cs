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

    public Ceiling CeilingOf(ControlKey key) => new(Rate, key.Scope is FlowScope.SourceAtProvider ? 10 : null, 100);

    public IReadOnlyList<string> Siblings(string source) => ["a", "b"];

    public void Pass(TimeSpan span) => Pass(span, TimeSpan.FromSeconds(1));

    /// <summary>Time goes by, control being asked once each beat.</summary>
    public void Pass(TimeSpan span, TimeSpan beat)
    {
        for (var end = Now + span; Now < end;)
        {
            Now += end - Now < beat ? end - Now : beat;
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

    /// <summary>A receiver refuses source <c>a</c> for its name in the DNS.</summary>
    public void Complain(string receiver, params FlowAction[] actions) =>
        Control.Observe(Of(ObservationKind.Deferred, "a") with { Operator = receiver, Category = new Category("ptr_helo"), CategoryClass = CategoryClass.Config, Rule = "test.ptr", Actions = actions, Command = SmtpCommand.Mail }, Changes);

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
