using Engine.Classification;
using Engine.Configuration;
using Engine.Feedback;
using Engine.Mail;
using Engine.Tests.Simulation;

namespace Engine.Tests.Feedback;

internal sealed class RuleAlarmsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly SimulatedEvents _events = new();
    private readonly ReplyClassifier _classifier = new();

    [Test]
    public void A_rule_that_asks_for_it_raises_one_alert_an_hour_for_each_source_and_receiver()
    {
        var alarms = new RuleAlarms(_events);
        Hear(alarms, "blocked using zen.spamhaus.org", "s1", Noon);
        Hear(alarms, "blocked using zen.spamhaus.org", "s1", Noon + TimeSpan.FromMinutes(59));
        Hear(alarms, "blocked using zen.spamhaus.org", "s2", Noon);
        Hear(alarms, "blocked using zen.spamhaus.org", "s1", Noon + TimeSpan.FromHours(1));

        Assert.That(_events.Of(EventKind.Alert).Select(line => (line.Source, line.Rule)), Is.EqualTo(new[] { ("s1", "generic.blocked_using"), ("s2", "generic.blocked_using"), ("s1", "generic.blocked_using") }));
        Assert.That(_events.All[0].Reply, Does.Contain("zen.spamhaus.org"));
    }

    [Test]
    public void Ordinary_refusals_raise_none()
    {
        Hear(new RuleAlarms(_events), "User unknown", "s1", Noon);

        Assert.That(_events.All, Is.Empty);
    }

    private void Hear(RuleAlarms alarms, string text, string source, DateTimeOffset now)
    {
        var outcome = new Outcome { Slot = 0, Kind = OutcomeKind.Refused, Code = 554, Text = text, Command = SmtpCommand.Rcpt, Recipients = 1 };
        var facts = new OutcomeFacts
        {
            Now = now,
            GiveUpAt = now + TimeSpan.FromDays(1),
            Attempts = 0,
            LastCategory = default,
            Flow = new Flow(StreamClass.Marketing, "acme", "news", "", DomainName.Parse("acme.example"), ""),
            Provider = null,
            Operator = "mx.example.net",
            Source = source,
            Pool = null,
            MessagesOnConnection = 1,
            Retry = new RetryOptions(),
        };
        alarms.Hear(_classifier.Judge(outcome, null), outcome, facts);
    }
}
