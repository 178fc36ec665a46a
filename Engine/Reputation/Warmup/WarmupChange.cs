using System.Globalization;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reputation.Warmup;

/// <summary>One change of a step, for the event log.</summary>
internal sealed record WarmupChange
{
    public required DateTimeOffset At { get; init; }

    public required WarmupSubject Subject { get; init; }

    public required WarmupKey Key { get; init; }

    public required WarmupMove Move { get; init; }

    public required WarmupHold Why { get; init; }

    /// <summary>Plan's name.</summary>
    public required string Plan { get; init; }

    /// <summary>Step before, from 0.</summary>
    public required int From { get; init; }

    /// <summary>Step now, from 0; equal to <see cref="Steps"/> when warm.</summary>
    public required int To { get; init; }

    public required int Steps { get; init; }

    /// <summary>Recipients a day from now on; 0 when warm.</summary>
    public required long Allowance { get; init; }

    /// <summary>Of the day that was judged.</summary>
    public required WarmupCounts Counts { get; init; }

    public required WarmupBoundsOptions Bounds { get; init; }

    /// <summary>A line of the event log: <c>warmup-advanced</c> or <c>warmup-held</c>.</summary>
    public Event ToEvent() => new()
    {
        Kind = Move is WarmupMove.Advanced or WarmupMove.Done ? EventKind.WarmupAdvanced : EventKind.WarmupHeld,
        Time = At,
        RecipientIndex = -1,
        Source = Subject is WarmupSubject.Source ? Key.Name : null,
        HeaderFrom = Subject is WarmupSubject.SenderDomain ? Key.Name : null,
        Provider = Key.Operator,
        Rule = Plan,
        Who = "warmup",
        Count = Allowance,
        Reason = Words(),
    };

    /// <summary>What happened, with its numbers.</summary>
    public string Words()
    {
        var subject = Subject is WarmupSubject.SenderDomain ? $"sender domain {Key.Name}: " : string.Empty;
        var now = To >= Steps ? "warm" : string.Create(CultureInfo.InvariantCulture, $"step {To + 1} of {Steps}, {Allowance} a day");
        var before = From >= Steps ? "warm" : string.Create(CultureInfo.InvariantCulture, $"step {From + 1}");
        var move = Move switch
        {
            WarmupMove.Advanced => $"the day was earned: {now}",
            WarmupMove.Done => "the last day was earned: warm",
            WarmupMove.Held => $"stays at {now}",
            WarmupMove.Cut => $"held for the rest of the day at {now}",
            WarmupMove.SteppedBack => $"back from {before} to {now}",
            WarmupMove.StartedOver => $"starts over from {before}: {now}",
            _ => $"put from {before} to {now}",
        };
        return WordsOf(Why, Counts, Bounds) is { } why ? $"{subject}{move}; {why}" : string.Create(CultureInfo.InvariantCulture, $"{subject}{move}; {Counts.Used} used");
    }

    /// <summary>Why, in words; null for no hold.</summary>
    public static string? WordsOf(WarmupHold why, in WarmupCounts counts, WarmupBoundsOptions bounds) => why switch
    {
        WarmupHold.TooLittle => string.Create(CultureInfo.InvariantCulture, $"only {counts.Used} were sent, less than {bounds.Used * 100:0.#} % of the day's allowance"),
        WarmupHold.Deferred => string.Create(CultureInfo.InvariantCulture, $"{counts.Deferred} of {counts.Used} deferred, {counts.DeferredShare * 100:0.##} %, bound {bounds.Deferred * 100:0.##} %"),
        WarmupHold.Shut => string.Create(CultureInfo.InvariantCulture, $"{WarmupTrack.ShutAfter} deferred one after another, after {counts.Used - counts.Deferred} of {counts.Used} had been taken"),
        WarmupHold.Hard => string.Create(CultureInfo.InvariantCulture, $"{counts.Hard} of {counts.Used} do not exist, {counts.HardShare * 100:0.##} %, bound {bounds.Hard * 100:0.##} %"),
        WarmupHold.Complaints => string.Create(CultureInfo.InvariantCulture, $"{counts.Complaints} complaints about {counts.ComplainedAbout}, {counts.ComplaintShare * 100:0.###} %, bound {bounds.Complaints * 100:0.###} %"),
        WarmupHold.Order => "an operator holds it",
        WarmupHold.Idle => "nothing was sent for longer than 'idle'",
        WarmupHold.Restart => "nothing was sent for longer than 'restart'",
        _ => null,
    };
}
