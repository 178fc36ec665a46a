using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Tests.Simulation;

/// <summary>What a modelled receiver answers, judged as classification would.</summary>
internal sealed record ModelReply(ObservationKind Kind, string Category = "", CategoryClass Class = CategoryClass.Soft, string? Rule = null)
{
    public static readonly ModelReply Accepted = new(ObservationKind.Delivered);

    public static readonly ModelReply Timeout = new(ObservationKind.Unreachable, "network") { Command = SmtpCommand.Connect };

    public static readonly ModelReply Busy = new(ObservationKind.Deferred, "server_busy", CategoryClass.Soft, "generic.busy") { Command = SmtpCommand.Mail };

    public static readonly ModelReply Greylisted = new(ObservationKind.Deferred, "greylist", CategoryClass.Soft, "generic.greylist") { Command = SmtpCommand.Rcpt };

    public static readonly ModelReply Spam = new(ObservationKind.Failed, "spam_content", CategoryClass.Content, "generic.spam") { Command = SmtpCommand.Dot };

    /// <summary>The generic rate rule of the provider data.</summary>
    public static readonly ModelReply TooFast = new(ObservationKind.Deferred, "rate_ip", CategoryClass.Throttle, "generic.rate")
    {
        Command = SmtpCommand.Mail,
        Actions = [new FlowAction(FlowOperation.ScaleRate, FlowScope.SourceAtProvider, TimeSpan.FromMinutes(30), 0.5, 0)],
    };

    /// <summary>A rate reply that no rule has an action for.</summary>
    public static readonly ModelReply TooFastUnnamed = TooFast with { Actions = [], Rule = "some.rate" };

    /// <summary>Google's 421 4.7.28.</summary>
    public static readonly ModelReply TooFastGoogle = TooFast with
    {
        Rule = "google.4728_ip",
        Actions =
        [
            new FlowAction(FlowOperation.Pause, FlowScope.SourceAtProvider, TimeSpan.FromMinutes(10), 0, 0),
            new FlowAction(FlowOperation.SingleConnectionRecovery, FlowScope.SourceAtProvider, TimeSpan.Zero, 1, 0),
        ],
    };

    /// <summary>The generic connection rule of the provider data.</summary>
    public static readonly ModelReply TooMany = new(ObservationKind.Deferred, "conn_limit", CategoryClass.Throttle, "generic.conns")
    {
        Command = SmtpCommand.Connect,
        Actions = [new FlowAction(FlowOperation.ScaleConnections, FlowScope.SourceAtProvider, TimeSpan.FromHours(1), 0.5, 0)],
    };

    public static readonly ModelReply Blocked = new(ObservationKind.Deferred, "ip_block", CategoryClass.Reputation, "generic.block")
    {
        Command = SmtpCommand.Connect,
        Actions = [new FlowAction(FlowOperation.Pause, FlowScope.SourceAtProvider, TimeSpan.FromHours(1), 0, 0)],
    };

    public static readonly ModelReply PoorReputation = new(ObservationKind.Deferred, "complaints", CategoryClass.Reputation, "some.complaints") { Command = SmtpCommand.Mail };

    public IReadOnlyList<FlowAction> Actions { get; init; } = [];

    public SmtpCommand Command { get; init; }

    /// <summary>The connection is gone after it.</summary>
    public bool Closes => Command is SmtpCommand.Connect || Kind is ObservationKind.Unreachable;
}
