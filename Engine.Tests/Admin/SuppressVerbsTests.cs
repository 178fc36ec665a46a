using Engine.Admin;
using Engine.Tests.Configuration;
using Engine.Tests.Failures;
using Engine.Tests.Journeys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Admin;

/// <summary>The suppression list through the verbs, against a running engine.</summary>
[CancelAfter(180_000)]
internal sealed class SuppressVerbsTests
{
    [Test]
    public async Task Every_verb_is_there_once(CancellationToken stop)
    {
        await NeedEngineAsync(stop);
        var help = (await EngineProcess.RunAsync(["--help"], stop)).Output.Split('\n').SkipWhile(static line => !line.StartsWith("Commands:", StringComparison.Ordinal)).Skip(1);
        var verbs = help.Where(static line => line.Length > 2 && line[2] != ' ').Select(static line => line.Trim().Split(' ')[0]).ToList();

        Assert.That(verbs, Is.Unique);
        Assert.That(verbs, Is.SupersetOf(new[] { "run", "suppress", "forget", "feedback", "campaign", "account", "engagement" }));
    }

    [Test]
    public async Task An_address_is_added_found_listed_exported_imported_removed_and_forgotten(CancellationToken stop)
    {
        await NeedEngineAsync(stop);
        await using var mailbox = MailboxPeer.Start();
        await using var world = await FeedbackWorld.StartAsync(new Dictionary<string, int> { ["x.test"] = mailbox.Port });
        await using var admin = await AdminServer.StartAsync(world.Host, NullLoggerFactory.Instance, stop);
        using var directory = new TemporaryDirectory();
        async Task<(int Code, string Output)> RunAsync(params string[] words)
        {
            var result = await EngineProcess.RunAsync([.. words, "--json", "--socket", world.Host.Snapshot.Options.Admin.Socket], stop);
            return (result.Code, result.Output);
        }

        Assert.That((await RunAsync("suppress", "add", "Ann@X.test", "--account", "demo", "--expires", "30d", "--reason", "asked by phone")).Output, Does.Contain("\"added\":true"));
        var check = await RunAsync("suppress", "check", "ann@x.test", "--account", "demo");
        Assert.That(check.Code, Is.EqualTo(65));
        Assert.That(check.Output, Does.Contain("\"scope\":\"account demo\",\"reason\":\"manual\",\"origin\":\"operator\""));
        Assert.That((await RunAsync("suppress", "check", "bob@x.test", "--account", "demo")).Code, Is.Zero);
        Assert.That((await RunAsync("suppress", "add", "ann@x.test", "--account", "nobody")).Output, Does.Contain("there is no account 'nobody'"));
        Assert.That((await RunAsync("suppress", "add", "no address")).Output, Does.Contain("'no address' is not an address"));

        var file = directory.Write("list.csv", "address,scope,account,stream,reason\nbob@x.test,stream,demo,news,unsubscribe\ncarl@x.test,global,,,hard\nnobody,global,,,hard\n");
        var import = await RunAsync("suppress", "import", file);
        Assert.That(import.Code, Is.EqualTo(65), import.Output);
        Assert.That(import.Output, Does.Contain("\"records\":3,\"added\":2,\"known\":0,\"expired\":0,\"refused\":1").And.Contain("line 4: "));
        Assert.That((await RunAsync("suppress", "ls", "--account", "demo")).Output, Does.Contain("Ann@X.test").And.Contain("bob@x.test").And.Not.Contain("carl@x.test"));
        Assert.That((await RunAsync("suppress", "stats")).Output, Does.Contain("\"entries\":3"));
        Assert.That((await RunAsync("suppress", "export", "--reason", "unsubscribe")).Output, Does.Contain("bob@x.test,stream,demo,news,,unsubscribe,,"));

        await world.SubmitAsync("bob@x.test");
        await world.Events.OneAsync("suppressed");
        Assert.That((await RunAsync("suppress", "rm", "bob@x.test", "--account", "demo", "--all-scopes")).Output, Does.Contain("\"removed\":1"));
        await world.Events.OneAsync("suppression-removed");
        await world.SubmitAsync("bob@x.test");
        Assert.That((await mailbox.NextAsync()).To[0], Does.StartWith("<bob@x.test>"));

        Assert.That((await RunAsync("forget", "ann@x.test")).Code, Is.EqualTo(64));
        Assert.That((await RunAsync("forget", "ann@x.test", "--yes")).Code, Is.Zero);
        Assert.That((await RunAsync("suppress", "ls")).Output, Does.Not.Contain("Ann@X.test"));
        Assert.That((await RunAsync("suppress", "check", "ann@x.test", "--account", "demo")).Code, Is.EqualTo(65), "forgotten is not forgiven");
    }

    private static async Task NeedEngineAsync(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }
    }
}
