using Engine.Classification;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Tests.Configuration;

internal sealed class ProviderFileTests
{
    private const string Main = "{ \"hostname\": \"mta1.example.com\", \"listeners\": { \"l\": { \"bind\": [\"127.0.0.1:2525\"], \"role\": \"submission\", \"auth\": \"none\" } }, \"providers\": { \"file\": \"p.json\" } MORE }";

    private const string Rule = "{ \"id\": \"own.rule\", \"category\": \"policy\", \"patterns\": [\"no way\"], \"source\": [\"design\"], \"sample\": \"550 no way\" }";

    [Test]
    public void Without_a_file_the_shipped_data_holds()
    {
        var snapshot = new Snapshot(new EngineOptions());

        Assert.That(snapshot.Providers, Is.SameAs(ProviderBook.Shipped));
        Assert.That(snapshot.Limits["google/ip"].Connections, Is.EqualTo(5));
    }

    [Test]
    public void A_file_that_extends_says_only_what_differs()
    {
        var loaded = Load($$"""
            { "version": 1, "extends": "shipped",
              "schedules": { "blocked": ["3h x*"] },
              "categories": { "odd": { "class": "soft", "disposition": "fail" } },
              "providers": { "netvigator": { "name": "Mine", "mx": [".mine.example"], "limits": { "connections": 3 }, "retry": { "throttled": ["9m x*"] } },
                             "new": { "name": "New", "mx": ["regex:^mx[0-9]\\.new\\.example$"], "domains": ["new.example"] } },
              "rules": [ {{Rule}}, { "id": "generic.spam", "category": "odd", "patterns": ["eggs"], "source": ["design"], "sample": "550 eggs" } ] }
            """);
        var snapshot = loaded.Snapshot!;
        var book = snapshot.Providers;

        Assert.That(loaded.Findings.All, Is.Empty);
        Assert.That(book.Find("google")!.Rules, Has.Count.EqualTo(ProviderBook.Shipped.Find("google")!.Rules.Count));
        Assert.That(book.OfExchanger("mx.mine.example")?.Name, Is.EqualTo("Mine"));
        Assert.That(book.OfExchanger("mx.netvigator.com"), Is.Null, "a provider is replaced as a whole");
        Assert.That(book.OfExchanger("MX4.new.example")?.Id, Is.EqualTo("new"));
        Assert.That(book.OfDomain(DomainName.Parse("new.example"))?.Id, Is.EqualTo("new"));
        Assert.That(snapshot.Limits["netvigator/ip"].Connections, Is.EqualTo(3));
        Assert.That(snapshot.Limits.ContainsKey("new/ip"), Is.False);
        Assert.That(book.Rules[0].Id, Is.EqualTo("own.rule"), "new rules are asked first");
        Assert.That(book.Rules, Has.Count.EqualTo(ProviderBook.Shipped.Rules.Count + 1));

        var classifier = new ReplyClassifier(book);
        Assert.That(classifier.JudgeReply(550, default, "No way, user unknown").Rule, Is.EqualTo("own.rule"));
        Assert.That(classifier.JudgeReply(550, default, "eggs and spam").Category.Id, Is.EqualTo("odd"));
    }

    [Test]
    public void Engine_json_wins_over_schedules_of_the_data_and_a_provider_over_both()
    {
        var loaded = Load(
            "{ \"version\": 1, \"extends\": \"shipped\", \"schedules\": { \"blocked\": [\"3h x*\"], \"short\": [\"3s\"] }, \"providers\": { \"p\": { \"name\": \"P\", \"mx\": [\".p.example\"], \"retry\": { \"blocked\": [\"5h x*\"] }, \"rules\": [ { \"id\": \"p.block\", \"category\": \"ip_block\", \"patterns\": [\"no\"], \"source\": [\"design\"], \"sample\": \"550 no\" } ] } } }",
            ", \"delivery\": { \"retry\": { \"short\": [\"4s\"], \"jitter\": 0 } }");
        var (retry, now) = (loaded.Snapshot!.Retry, DateTimeOffset.UnixEpoch);
        var (planner, classifier) = (new RetryPlanner(new Random(1)), new ReplyClassifier(loaded.Snapshot.Providers));

        Assert.That(retry.Short.Delays[0], Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(retry.Blocked.Delays[0], Is.EqualTo(TimeSpan.FromHours(3)));
        Assert.That(planner.DueAfter(classifier.JudgeReply("p", 450, default, "no", SmtpCommand.Rcpt, 1), 1, retry, now), Is.EqualTo(now.AddHours(5)));
        Assert.That(planner.DueAfter(classifier.JudgeReply(null, 450, default, "your ip is blocked", SmtpCommand.Rcpt, 1), 1, retry, now), Is.EqualTo(now.AddHours(3)));
    }

    [Test]
    public void A_limit_of_the_same_name_replaces_the_shipped_one()
    {
        var loaded = Load("{ \"version\": 1, \"extends\": \"shipped\" }", ", \"limits\": { \"google/ip\": { \"match\": { \"provider\": \"google\" }, \"per\": [\"source\"], \"connections\": 2 } }");

        Assert.That(loaded.Findings.All, Is.Empty);
        Assert.That((loaded.Snapshot!.Limits["google/ip"].Connections, loaded.Snapshot.Limits["google/ip"].MessagesPerConnection), Is.EqualTo((2, (int?)null)));
        Assert.That(loaded.Snapshot.Options.Limits, Has.Count.EqualTo(1));
    }

    [TestCase("{ \"version\": 2 }", "p.json:1: $.version: expected a whole number from 1 to 1, found 2")]
    [TestCase("{ \"version\": 1,\n\"provider\": {} }", "p.json:2: $.provider: unknown key 'provider'; did you mean 'providers'?")]
    [TestCase("{ \"version\": 1, \"extends\": \"shipped\",\n\"rules\": [ { \"id\": \"x\", \"category\": \"polic\",\n\"patterns\": [\"a(?=b)\"], \"source\": [\"design\"], \"sample\": \"550 ab\" } ] }",
        "p.json:2: $.rules[0].category: the category 'polic' does not exist; did you mean 'policy'?\np.json:3: $.rules[0].patterns[0]: is not a pattern that can be matched in linear time")]
    [TestCase("{ \"version\": 1, \"extends\": \"shipped\", \"providers\": { \"x\": { \"name\": \"X\",\n\"mx\": [\"a b\"], \"domains\": [\"gmail.com\"] } } }",
        "p.json:2: $.providers.x.mx[0]: expected a host, \".\" and a domain name for the hosts below it, or \"regex:…\", found \"a b\"\np.json:2: $.providers.x.domains[0]: the domain gmail.com is provider 'google''s already")]
    [TestCase("{ \"version\": 1, \"extends\": \"shipped\", \"rules\": [ RULE,\nRULE ] }", "p.json:2: $.rules[1].id: the rule 'own.rule' stands here already")]
    [TestCase("{ \"version\": 1, \"schedules\": { \"short\": [\"controller\"] } }", "p.json:1: $.schedules.short: expected delays: 'controller' stands in delivery.retry.throttled of engine.json only")]
    public void Faults_are_core_findings_with_their_place(string file, string expected)
    {
        var loaded = Load(file.Replace("RULE", Rule, StringComparison.Ordinal));
        var shown = loaded.Findings.All.Select(finding => $"{Path.GetFileName(finding.File)}:{finding.Line}: {finding.Path}: {finding.Message}").ToList();

        Assert.That(loaded.Snapshot, Is.Null);
        Assert.That(shown.Zip(expected.Split('\n')).Select(pair => pair.First.StartsWith(pair.Second, StringComparison.Ordinal)), Is.All.True, string.Join('\n', shown));
        Assert.That(shown, Has.Count.EqualTo(expected.Split('\n').Length), string.Join('\n', shown));
    }

    [Test]
    public void A_file_that_is_missing_is_a_finding()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("engine.json", Main.Replace("MORE", string.Empty, StringComparison.Ordinal));
        var loaded = ConfigurationLoader.Load(directory["engine.json"]);

        Assert.That(loaded.Snapshot, Is.Null);
        Assert.That(loaded.Findings.All[0].Path, Is.EqualTo("$.providers.file"));
    }

    private static LoadResult Load(string providers, string more = "")
    {
        using var directory = new TemporaryDirectory();
        directory.Write("p.json", providers);
        directory.Write("engine.json", Main.Replace("MORE", more, StringComparison.Ordinal));
        return ConfigurationLoader.Load(directory["engine.json"]);
    }
}
