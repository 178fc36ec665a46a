using Engine.Admin;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Reputation;
using Engine.Tests.Configuration;
using Engine.Tests.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Admin;

/// <summary>What an operator sees and orders about senders, through the verbs.</summary>
[CancelAfter(120_000)]
internal sealed class SenderApiTests : IEvents
{
    private readonly List<Event> _told = [];

    public void Write(in Event line)
    {
        lock (_told)
        {
            _told.Add(line);
        }
    }

    [Test]
    public async Task Verbs_show_pause_and_resume_senders_and_take_engagement(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        using var directory = new TemporaryDirectory();
        var current = new CurrentSnapshot(new Snapshot(new EngineOptions { Hostname = "mta1.example.com", Accounts = new Dictionary<string, AccountOptions> { ["acme"] = new() } }));
        using var overrides = new Overrides(directory["overrides"], TimeProvider.System);
        var parts = new SenderParts(current, new SourceMap(current.Value), overrides, this, address => new AddressDigest((ulong)address.Local[0] << 40, 7), TimeProvider.System, NullLoggerFactory.Instance);
        overrides.Changed += parts.LoadOverrides;
        parts.Watch.Decided += decision => parts.Apply(decision);
        Hear(parts, SenderNewsKind.Delivered, 1_000);
        Hear(parts, SenderNewsKind.Complained, 10);

        var socket = Path.Join(Path.GetTempPath(), $"engine-{Guid.NewGuid():N}.sock");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        await using var application = builder.Build();
        application.Use(Refusals.AnswerAsync);
        new SenderApi(current, overrides, this, parts, TimeProvider.System).Map(application);
        await application.StartAsync(stop);

        Task<(int Code, string Output)> RunAsync(params string[] words) => Verb([.. words, "--json", "--socket", socket], stop);
        var list = await RunAsync("campaign", "ls", "--account", "acme");
        Assert.That(list.Output, Does.Contain("\"campaign\":\"spring/1\",\"stream\":null,\"class\":\"marketing\",\"delivered\":1000,\"hard\":0,\"hardBounces\":0,\"complained\":10,\"complaints\":0.01,\"paused\":true,\"by\":\"brakes\""));
        var show = await RunAsync("account", "show", "acme");
        Assert.That(show.Output, Does.Contain("\"component\":\"complaints\"").And.Contain("\"samples\":1000").And.Contain("\"campaign\":\"spring/1\""));

        Assert.That((await RunAsync("campaign", "resume", "acme", "spring/1", "--reason", "list cleaned")).Output, Does.Contain("\"removed\":true"));
        Assert.That(overrides.List(), Is.Empty);
        Assert.That(_told.Any(one => one is { Kind: EventKind.Admin, Verb: "campaign resume", Selector: "pause.campaign.acme/spring/1", Reason: "list cleaned" }));
        Assert.That((await RunAsync("account", "pause", "acme", "--for", "2h")).Code, Is.Zero);
        Assert.That((await RunAsync("account", "ls")).Output, Does.Contain("\"account\":\"acme\",\"status\":\"active\",\"paused\":\"all\",\"by\":\"operator\""));
        Assert.That((await RunAsync("account", "resume", "acme")).Output, Does.Contain("\"removed\":true"));
        Assert.That((await RunAsync("campaign", "pause", "acme", "spring sale")).Output, Does.Contain("no name of a campaign"));
        Assert.That((await RunAsync("campaign", "pause", "nobody", "x")).Output, Does.Contain("there is no account 'nobody'"));
        Assert.That((await RunAsync("account", "ls", "--sender-domains")).Output, Does.Contain("\"name\":\"acme.example\",\"score\":"));

        var file = directory.Write("opens.csv", "address,kind,account\nann@example.com,open,acme\nbob@example.com,click,\nnobody,open,\n");
        var import = await RunAsync("engagement", "import", file);
        Assert.That(import.Code, Is.EqualTo(65), import.Output);
        Assert.That(import.Output, Does.Contain("\"taken\":2,\"refused\":1,\"first\":\"line 4: expected an address, found").And.Contain("\"known\":2"));
        Assert.That(parts.EngagementOf(Mailbox.Parse("ann@example.com")), Is.EqualTo(Engagement.High));
    }

    private static async Task<(int Code, string Output)> Verb(string[] words, CancellationToken stop)
    {
        var result = await EngineProcess.RunAsync(words, stop);
        return (result.Code, result.Output);
    }

    private static void Hear(SenderParts parts, SenderNewsKind kind, int times)
    {
        for (var time = 0; time < times; time++)
        {
            parts.Watch.Heard(new SenderNews { Kind = kind, Account = "acme", Stream = "news", Campaign = "spring/1", Class = StreamClass.Marketing, SenderDomain = DomainName.Parse("acme.example"), At = TimeProvider.System.GetUtcNow() });
        }
    }
}
