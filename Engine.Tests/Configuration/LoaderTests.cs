using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Configuration;

internal sealed class LoaderTests
{
    private const string Main = """
        {
        "hostname": "mta1.example.com",
        "listeners": { "local": { "bind": ["127.0.0.1:2525"], "auth": "none" } },
        "include": ["conf.d/*.json", "more.json"],
        "queue": { "maxRecipients": 500 },
        "accounts": { "acme": {} },
        }
        """;

    [Test]
    public void Included_files_are_joined_section_by_section_and_name_by_name()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("engine.json", Main);
        directory.Write("more.json", "{ \"queue\": { \"maxReceived\": 50 }, \"$schema\": \"x\" }");
        directory.Write("conf.d/b.json", "{ \"accounts\": { \"zoe\": { \"number\": 2 } } }");
        directory.Write("conf.d/a.json", "{ \"accounts\": { \"abe\": { \"number\": 3 } }, \"delivery\": { \"port\": 26 } }");
        directory.Write("conf.d/.hidden.json", "not JSON");
        directory.Write("conf.d/note.txt", "not JSON");
        var result = ConfigurationLoader.Load(directory["engine.json"]);

        Assert.That(result.Findings.All, Is.Empty);
        var options = result.Snapshot!.Options;
        Assert.That((options.Queue.MaxRecipients, options.Queue.MaxReceived, options.Delivery.Port), Is.EqualTo((500, 50, 26)));
        Assert.That(options.Accounts.Keys, Is.EqualTo(new[] { "acme", "abe", "zoe" }));
        Assert.That(result.Snapshot.PathTo("dkim"), Is.EqualTo(directory["dkim"]));
    }

    [TestCase("{ \"queue\": {\n\"maxRecipients\": 600 } }", "DIR/more.json:2: $.queue.maxRecipients: 'maxRecipients' stands in DIR/engine.json:5 already; a key may come from one file only")]
    [TestCase("{ \"hostname\": \"x.example\" }", "DIR/more.json:1: $.hostname: 'hostname' stands in DIR/engine.json:2 already; a key may come from one file only")]
    [TestCase("{\n\"accounts\": { \"acme\": { \"number\": 7 } } }", "DIR/more.json:2: $.accounts.acme: 'acme' stands in DIR/engine.json:6 already; a key may come from one file only")]
    [TestCase("{ \"queue\": 7 }", "DIR/more.json:1: $.queue: 'queue' stands in DIR/engine.json:5 already; a key may come from one file only")]
    [TestCase("{\n\"include\": [] }", "DIR/more.json:2: $.include: only engine.json itself may include files")]
    [TestCase("{\n\"quue\": {} }", "DIR/more.json:2: $.quue: unknown key 'quue'; did you mean 'queue'?")]
    [TestCase("{ \"queue\": { \"maxReceived\": 5 } }", "DIR/more.json:1: $.queue.maxReceived: expected a whole number from 10 to 200, found 5")]
    [TestCase("{\n\"system\": { \"pool\": \"tx\" } }", "DIR/more.json:2: $.system.pool: the pool 'tx' does not exist")]
    [TestCase("[]", "DIR/more.json:1: $: expected an object, found a list")]
    [TestCase("{\n]", "DIR/more.json:2: $: is not JSON: ']' is an invalid start of a property name. Expected a '\"'")]
    public void A_fault_in_an_included_file_names_that_file(string more, string expected)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("engine.json", Main);
        directory.Write("more.json", more);
        var result = ConfigurationLoader.Load(directory["engine.json"]);

        Assert.That(result.Findings.All.Select(finding => finding.ToString().Replace(directory.Path, "DIR", StringComparison.Ordinal)), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void A_file_named_without_a_pattern_must_be_there()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("engine.json", Main);
        var result = ConfigurationLoader.Load(directory["engine.json"]);

        Assert.That(result.Findings.All.Single().ToString(), Is.EqualTo($"{directory["engine.json"]}:4: $.include[1]: the file {directory["more.json"]} does not exist"));
    }

    [Test]
    public void A_file_that_two_patterns_name_is_read_once_and_the_main_file_never_again()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("engine.json", Main.Replace("\"more.json\"", "\"*.json\", \"m?re.json\", \"*/a.json\"", StringComparison.Ordinal));
        directory.Write("more.json", "{ \"node\": 2 }");
        directory.Write("conf.d/a.json", "{ \"state\": \"/srv\" }");
        var result = ConfigurationLoader.Load(directory["engine.json"]);

        Assert.That(result.Findings.All, Is.Empty);
        Assert.That((result.Snapshot!.Options.Node, result.Snapshot.Options.State), Is.EqualTo((2, "/srv")));
    }

    [Test]
    public void A_file_that_is_not_there_is_a_finding()
    {
        using var directory = new TemporaryDirectory();
        var result = ConfigurationLoader.Load(directory["engine.json"]);

        Assert.That(result.Snapshot, Is.Null);
        Assert.That(result.Findings.All.Single().ToString(), Does.StartWith($"{directory["engine.json"]}: $: cannot be read: Could not find file"));
    }

    [Test]
    public void The_account_local_exists_without_being_written()
    {
        var snapshot = Sample.Snapshot(string.Empty);

        Assert.That(snapshot.AccountOf("local"), Is.EqualTo(AccountOptions.BuiltInLocal));
        Assert.That(snapshot.AccountOf("local")!.Domains, Is.EqualTo(new[] { "*" }));
        Assert.That(snapshot.AccountOf("local")!.Notices, Is.EqualTo(Notices.Dsn));
        Assert.That(snapshot.AccountOf("acme"), Is.Null);
    }

    [Test]
    public void An_account_local_that_is_written_takes_its_place()
    {
        var snapshot = Sample.Snapshot("\"accounts\": { \"local\": { \"domains\": [\"x.example\"] } }");

        Assert.That(snapshot.AccountOf("local")!.Domains, Is.EqualTo(new[] { "x.example" }));
        Assert.That(snapshot.AccountOf("local")!.Notices, Is.EqualTo(Notices.Events));
    }

    [TestCase("", null, true, "", StreamClass.Transactional)]
    [TestCase("", "news", false, "news", StreamClass.Transactional)]
    [TestCase("\"streams\": { \"news\": {} }", null, true, "news", StreamClass.Marketing)]
    [TestCase("\"streams\": { \"news\": {} }", "otp", false, "otp", StreamClass.Transactional)]
    [TestCase("\"streams\": { \"news\": {}, \"otp\": {} }", null, false, "", StreamClass.Transactional)]
    [TestCase("\"streams\": { \"news\": {}, \"otp\": {} }, \"defaultStream\": \"news\"", null, true, "news", StreamClass.Marketing)]
    public void The_stream_of_mail_is_found(string account, string? requested, bool found, string name, object streamClass)
    {
        var acme = Sample.Snapshot("\"accounts\": { \"acme\": { " + account + " } }").AccountOf("acme")!;

        Assert.That(acme.TryGetStream(requested, out var stream, out var options), Is.EqualTo(found));
        Assert.That((stream, options.Class), Is.EqualTo((name, (StreamClass)streamClass)));
    }

    [Test]
    public void Findings_that_come_later_isolate_too()
    {
        var snapshot = Sample.Snapshot(string.Empty).Isolating([new Finding("f", 1, "$", "m", FindingScope.Domain) { Subject = "a.example" }, new Finding("f", 1, "$", "m")]);

        Assert.That(snapshot.BrokenDomains, Is.EquivalentTo(new[] { "a.example" }));
        Assert.That(snapshot.BrokenAccounts, Is.Empty);
    }
}
