using System.Net;
using System.Text.Json;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Sources;
using Engine.Reputation.Warmup;
using Engine.Tests.Reputation.Warmup;

namespace Engine.Tests.Reputation.Sources;

internal sealed class SourceStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Source One = new(new SourceId(0), "a1", IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.1"), "a1.example");
    private static readonly Override Drain = new(SourceOverride.Drain("a1"), "true", "ops", "renumbering", Start, Start.AddHours(2));
    private static readonly Override Disable = new(SourceOverride.Disable("a1"), "true", "ops", "burnt", Start);
    private static readonly SourcePresence Gone = new(AddressPresence.Missing, Start.AddMinutes(1));
    private static readonly SourceQuarantine AtGmail = new("google", "spamhaus", "listed", Start, Start.AddDays(1));
    private static readonly SourceQuarantine Everywhere = new(null, "reverse-dns", "no PTR", Start.AddHours(1), null);

    private static SourceInputs Inputs => new() { Source = One, Pools = ["bulk"] };

    [Test]
    public void A_source_without_trouble_is_enabled()
    {
        var state = SourceState.Of(Inputs with { Presence = new SourcePresence(AddressPresence.Present, Start) });

        Assert.That((state.Condition, state.TakesMail, state.Why, state.Since), Is.EqualTo((SourceCondition.Enabled, true, (string?)null, (DateTimeOffset?)null)));
    }

    [Test]
    public void Of_several_reasons_the_strongest_is_shown()
    {
        var all = Inputs with { Disabled = Disable, Presence = Gone, Drained = Drain, Quarantines = [AtGmail, Everywhere], Warmup = Warming() };
        var disabled = SourceState.Of(all);
        var missing = SourceState.Of(all with { Disabled = null });
        var drained = SourceState.Of(all with { Disabled = null, Presence = null });
        var everywhere = SourceState.Of(Inputs with { Quarantines = [AtGmail, Everywhere], Warmup = Warming() });
        var atGmail = SourceState.Of(Inputs with { Quarantines = [AtGmail], Warmup = Warming() });
        var warming = SourceState.Of(Inputs with { Warmup = Warming() });

        Assert.That((disabled.Condition, disabled.TakesMail, disabled.Who, disabled.Why, disabled.Until), Is.EqualTo((SourceCondition.Disabled, false, "ops", "burnt", (DateTimeOffset?)null)));
        Assert.That((missing.Condition, missing.TakesMail, missing.Since), Is.EqualTo((SourceCondition.AddressMissing, false, (DateTimeOffset?)Gone.Since)));
        Assert.That((drained.Condition, drained.TakesMail, drained.Until), Is.EqualTo((SourceCondition.Drained, false, Drain.Until)));
        Assert.That((everywhere.Condition, everywhere.TakesMail, everywhere.Why), Is.EqualTo((SourceCondition.Quarantined, false, "no PTR")));
        Assert.That((atGmail.Condition, atGmail.TakesMail, atGmail.Why, atGmail.Until), Is.EqualTo((SourceCondition.Quarantined, true, "listed (at google)", AtGmail.Until)));
        Assert.That((warming.Condition, warming.TakesMail, warming.Why), Is.EqualTo((SourceCondition.Warming, true, "warms up at 1 of 1 operators")));
        Assert.That(warming.Until, Is.EqualTo(new DateTimeOffset(2026, 6, 15, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public void It_is_written_as_json()
    {
        var json = JsonSerializer.Serialize(SourceState.Of(Inputs with { Quarantines = [AtGmail], Warmup = Warming(), Advice = "too little" }), JsonSerializerOptions.Web);
        using var read = JsonDocument.Parse(json);

        Assert.That(read.RootElement.GetProperty("address").GetString(), Is.EqualTo("192.0.2.1"));
        Assert.That(read.RootElement.GetProperty("quarantines")[0].GetProperty("operator").GetString(), Is.EqualTo("google"));
        Assert.That(read.RootElement.GetProperty("warmup")[0].GetProperty("dayAllowance").GetInt64(), Is.EqualTo(100));
    }

    private static IReadOnlyList<WarmupStanding> Warming()
    {
        var book = Attempts.Book();
        book.Day(Attempts.Start, 10);
        return book.Standings(Attempts.Start);
    }
}
