using System.Net;
using Engine.Admin;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Blocklists;
using Engine.Reputation.Control;
using Engine.Reputation.Sources;

namespace Engine.Tests.Admin;

/// <summary>How a source stands at one operator: the strongest reason is told, with rule, since and until.</summary>
internal sealed class SourceStandingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Source Source = new(new SourceId(1), "a1", IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.1"), "mta.example");
    private static readonly Override Off = new("source.drain.a1", "true", "operator", "new rack", Noon, Noon.AddHours(2));
    private static readonly SourcePresence Gone = new(AddressPresence.Missing, Noon.AddHours(-1));
    private static readonly Quarantine Listed = new(0, new Standing(0, ["microsoft"], "list.example", "127.0.0.2 spam", Noon.AddHours(-2), "https://list.example/remove"));
    private static readonly SourceShare Stopped = new(0, Engine.Reputation.Control.SourceState.Stopped);

    private static readonly ControlReport Report = new()
    {
        Key = default,
        Allowance = new Allowance(null, null, null, DateTimeOffset.MinValue, "ms-s3150", Noon.AddHours(-3)),
        Binding = "stopped after 20 blocks",
        Until = Noon.AddHours(5),
    };

    [Test]
    public void The_operator_comes_first_then_the_address_then_lists_then_control()
    {
        Assert.That(SourceStanding.Of(Source, Off, Gone, Listed, Stopped, Report), Is.EqualTo(new SourceStanding("off", "source.drain.a1 by operator: new rack", "source.drain.a1", Noon, Noon.AddHours(2))));
        var missing = SourceStanding.Of(Source, null, Gone, Listed, Stopped, Report);
        Assert.That((missing.State, missing.Rule, missing.Since, missing.Until), Is.EqualTo(("address missing", "source-address", Noon.AddHours(-1), default(DateTimeOffset?))));
        Assert.That(missing.Reason, Does.Contain("192.0.2.1 is on no interface"));
        Assert.That(
            SourceStanding.Of(Source, null, null, Listed, Stopped, Report),
            Is.EqualTo(new SourceStanding("listed", "list.example: 127.0.0.2 spam; delisting: https://list.example/remove", "list.example", Noon.AddHours(-2), null)));
        Assert.That(
            SourceStanding.Of(Source, null, new SourcePresence(AddressPresence.Present, Noon), Quarantine.None, Stopped, Report),
            Is.EqualTo(new SourceStanding("stopped", "stopped after 20 blocks", "ms-s3150", Noon.AddHours(-3), Noon.AddHours(5))));
        Assert.That(SourceStanding.Of(Source, null, null, Quarantine.None, SourceShare.Full, null), Is.EqualTo(new SourceStanding("healthy", null, null, null, null)));
    }

    [Test]
    public void A_source_that_comes_back_from_a_list_says_how_much_it_gets()
    {
        var back = new Quarantine(0.25, Listed.Why! with { Share = 0.25, Delisting = string.Empty });
        Assert.That(SourceStanding.Of(Source, null, null, back, SourceShare.Full, null).Reason, Is.EqualTo("list.example: 127.0.0.2 spam, coming back at 25 %"));
    }
}
