using Engine.Configuration;
using Engine.Mail;
using Engine.Preflight;
using Engine.Preflight.Gate;

namespace Engine.Tests.Preflight.Gate;

/// <summary>The gate, row by row. Rows are written as checks an hour apart: <c>g</c>ood, <c>c</c>ontradiction, <c>u</c>nknown, <c>-</c> no check in that hour.</summary>
internal sealed class GateMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly GateMachine _gate = new();

    // Checks; paused at the end; hours observed.
    [TestCase("c", false, 0)]
    [TestCase("cccc", false, 3)]
    [TestCase("ccccc", true, 4)]
    [TestCase("cccccc", true, 5)]
    [TestCase("cccccg", false, 0, Description = "one good check ends it at once")]
    [TestCase("ccccgccc", false, 2, Description = "and what follows begins anew")]
    [TestCase("cccccu", true, 4, Description = "a broken resolver frees nobody")]
    [TestCase("cuuuuuuuuuuc", false, 0, Description = "and pauses nobody: its time does not count")]
    [TestCase("ccuccucc", false, 3, Description = "the time round an unknown does not count")]
    [TestCase("c----------c", false, 2, Description = "of a gap, such as a stop, two hours count at most")]
    [TestCase("uuuuuuuu", false, 0)]
    public void Only_contradiction_seen_for_the_grace_pauses(string checks, bool isPaused, int hours)
    {
        Run("example.com", checks, Terms(VerifyLevel.Required));

        var standing = _gate.Find(DomainName.Parse("example.com"))!;
        Assert.That((standing.IsPaused, standing.Observed.TotalHours), Is.EqualTo((isPaused, (double)hours)));
    }

    [Test]
    public void Changes_are_told_once()
    {
        var changes = Run("example.com", "gcccccccugcg", Terms(VerifyLevel.Required));

        Assert.That(changes.Where(change => change is not GateChange.None), Is.EqualTo(new[] { GateChange.Contradicted, GateChange.Paused, GateChange.Mended, GateChange.Contradicted, GateChange.Passed }));
    }

    [Test]
    public void Advice_never_pauses_and_is_told_once_after_the_grace() => Assert.That(
        Run("example.com", "ccccccccucg", Terms(VerifyLevel.Advise)).Select((change, hour) => (change, hour)).Where(one => one.change is not GateChange.None),
        Is.EqualTo(new[] { (GateChange.Contradicted, 0), (GateChange.Advised, 4), (GateChange.Mended, 10) }));

    [Test]
    public void Advice_that_becomes_required_pauses_with_the_next_check()
    {
        Run("example.com", "ccccc", Terms(VerifyLevel.Advise));

        Assert.That(_gate.Record(DomainName.Parse("example.com"), GateEvidence.Contradiction, "gone", Terms(VerifyLevel.Required), Start + TimeSpan.FromHours(5)), Is.EqualTo(GateChange.Paused));
    }

    [Test]
    public void Without_grace_the_first_contradiction_pauses() =>
        Assert.That(Run("example.com", "c", new VerifyOptions { Grace = TimeSpan.Zero }), Is.EqualTo(new[] { GateChange.Paused }));

    [Test]
    public void When_most_domains_contradict_nobody_more_is_paused_and_who_was_stays()
    {
        Run("bad.example", "ccccc", Terms(VerifyLevel.Required));
        for (var at = 0; at < 5; at++)
        {
            Run($"good{at}.example", "g", Terms(VerifyLevel.Required));
        }

        var last = Enumerable.Range(0, 10).Select(at => Run($"n{at}.example", "ccccccc", Terms(VerifyLevel.Required))[^1]).ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_gate.IsInDoubt, Is.True);
            Assert.That(last[..8], Is.All.EqualTo(GateChange.None), "they were paused before it was most");
            Assert.That(last[^1], Is.EqualTo(GateChange.Doubted));
            Assert.That(_gate.Find(DomainName.Parse("bad.example"))!.IsPaused, Is.True);
            Assert.That(_gate.Find(DomainName.Parse("n9.example"))!.IsPaused, Is.False);
        }
    }

    [Test]
    public void A_resolver_that_begins_to_lie_about_everybody_pauses_nobody()
    {
        for (var at = 0; at < 40; at++)
        {
            Run($"n{at}.example", "g", Terms(VerifyLevel.Required));
        }

        for (var hour = 1; hour < 30; hour++)
        {
            for (var at = 0; at < 40; at++)
            {
                _gate.Record(DomainName.Parse($"n{at}.example"), GateEvidence.Contradiction, "gone", Terms(VerifyLevel.Required), Start + TimeSpan.FromHours(hour));
            }
        }

        Assert.That(_gate.Standings.Count(standing => standing.IsPaused), Is.Zero);
    }

    [Test]
    public void Other_terms_free_who_they_do_not_pause()
    {
        Run("off.example", "ccccc", Terms(VerifyLevel.Required));
        Run("advise.example", "ccccc", Terms(VerifyLevel.Required));
        Run("longer.example", "ccccc", Terms(VerifyLevel.Required));
        Run("same.example", "ccccc", Terms(VerifyLevel.Required));

        _gate.Load(new VerifyTerms(new EngineOptions
        {
            Domains = new Dictionary<string, DomainOptions>
            {
                ["*"] = new() { Verify = Terms(VerifyLevel.Required) },
                ["off.example"] = new() { Verify = Terms(VerifyLevel.Off) },
                ["advise.example"] = new() { Verify = Terms(VerifyLevel.Advise) },
                ["longer.example"] = new() { Verify = Terms(VerifyLevel.Required) with { Grace = TimeSpan.FromHours(8) } },
            },
        }));

        Assert.That(_gate.Standings.ToDictionary(one => one.Domain.Name, one => one.IsPaused), Is.EquivalentTo(new Dictionary<string, bool>
        {
            ["advise.example"] = false,
            ["longer.example"] = false,
            ["same.example"] = true,
        }));
    }

    private static VerifyOptions Terms(VerifyLevel level) => new() { Level = level, Grace = TimeSpan.FromHours(4) };

    private List<GateChange> Run(string domain, string checks, VerifyOptions terms)
    {
        var changes = new List<GateChange>();
        for (var hour = 0; hour < checks.Length; hour++)
        {
            if (checks[hour] != '-')
            {
                var evidence = checks[hour] switch { 'g' => GateEvidence.Good, 'c' => GateEvidence.Contradiction, _ => GateEvidence.Unknown };
                changes.Add(_gate.Record(DomainName.Parse(domain), evidence, "gone", terms, Start + TimeSpan.FromHours(hour)));
            }
        }

        return changes;
    }
}
