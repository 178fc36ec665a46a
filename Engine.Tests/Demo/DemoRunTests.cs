using System.Text.Json;
using Engine.Demo;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Engine.Tests.Demo;

internal sealed class DemoRunTests
{
    private static readonly VerifySignatures AllHold = static (message, names, signatures) =>
        signatures == 2 && names.Texts("r1._domainkey.demo.test").Count == 1 && names.Texts("e1._domainkey.demo.test").Count == 1 && !message.IsEmpty;

    [Test, CancelAfter(60_000)]
    public async Task Everything_holds_and_the_table_says_so(CancellationToken guard)
    {
        using var output = new StringWriter();
        var code = await Run(new DemoSettings { Count = 200, Sessions = 4 }, AllHold).RunAsync(Console(output), guard);

        var text = output.ToString();
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Contain("200 of 200 messages").And.Contain("everything held").And.Not.Contain("\e["));
    }

    [Test, CancelAfter(60_000)]
    public async Task Json_is_one_object_and_nothing_else(CancellationToken guard)
    {
        using var output = new StringWriter();
        await Run(new DemoSettings { Count = 60, Sessions = 3, Json = true }, AllHold).RunAsync(Console(output), guard);

        using var json = JsonDocument.Parse(output.ToString());
        var root = json.RootElement;
        Assert.That(root.GetProperty("held").GetBoolean(), Is.True);
        Assert.That(root.GetProperty("accepted").GetInt64(), Is.EqualTo(60));
        Assert.That(root.GetProperty("delivered").GetInt64() + root.GetProperty("bounced").GetInt64(), Is.EqualTo(root.GetProperty("recipients").GetInt64()));
        Assert.That(root.GetProperty("bounced").GetInt64(), Is.GreaterThan(0));
        Assert.That(root.GetProperty("deferredThenDelivered").GetInt64(), Is.GreaterThan(0));
        Assert.That(root.GetProperty("deliverMs").GetProperty("p50").GetDouble(), Is.GreaterThan(0));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_broken_signature_is_a_fault(CancellationToken guard)
    {
        var report = await Run(new DemoSettings { Count = 20, Sessions = 2 }, static (_, _, _) => false).RunAsync(static (_, _, _) => { }, guard);

        Assert.That((report.Held, report.ExitCode), Is.EqualTo((false, 1)));
        Assert.That(report.Faults, Has.Some.Contains("signature"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Time_that_runs_out_is_a_fault_and_what_is_open_is_lost(CancellationToken guard)
    {
        var settings = new DemoSettings { Count = 20, Sessions = 2, Limit = TimeSpan.FromSeconds(1) };
        var report = await Run(settings, AllHold).RunAsync(static (_, _, _) => { }, guard);

        Assert.That(report.Faults, Has.Some.Contains("before everything was accounted for").And.Some.Contains("neither delivered nor bounced"));
        Assert.That(report.Queued, Is.GreaterThan(0), "greylisting alone takes two seconds");
    }

    [Test]
    public void A_plan_keeps_to_loopback_and_its_directory()
    {
        var options = DemoPlan.Draw("/tmp/x", new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 5353), 2525, "secret").Options;

        Assert.That(options.State, Does.StartWith("/tmp/x/"));
        Assert.That(options.Admin.Socket, Does.StartWith("/tmp/x/"));
        Assert.That(options.Delivery.AllowAddresses, Is.EqualTo(new[] { "127.0.0.0/8" }));
        Assert.That(options.Listeners["submission"].Bind, Is.EqualTo(new[] { "127.0.0.1:0" }));
        Assert.That(options.Dns.Servers, Is.EqualTo(new[] { "127.0.0.1:5353" }));
        Assert.That(options.Accounts["demo"].Credentials["generator"].Password, Does.Match(@"^\$pbkdf2-sha256\$20000\$[A-Za-z0-9./]{22}\$[A-Za-z0-9./]{43}$"));
    }

    [Test]
    public void Keys_are_files_for_their_owner_alone()
    {
        var directory = Directory.CreateTempSubdirectory("engine-demo-test-");
        try
        {
            DemoKeys.Create(directory.FullName, "x.test", new DnsTable());

            Assert.That(directory.GetFiles().Select(static file => file.Name).Order(), Is.EqualTo(new[] { "x.test.e1.pem", "x.test.r1.pem" }));
            Assert.That(directory.GetFiles().Select(static file => file.UnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(directory.GetFiles().Select(static file => File.ReadAllText(file.FullName)), Is.All.StartsWith("-----BEGIN PRIVATE KEY-----"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static IAnsiConsole Console(TextWriter output) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });

    private static DemoRun Run(DemoSettings settings, VerifySignatures verify) =>
        new(settings, HostedEngine.StartAsync, verify, TimeProvider.System, NullLoggerFactory.Instance);
}
