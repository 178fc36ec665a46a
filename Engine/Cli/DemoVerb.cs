using System.CommandLine;
using System.Runtime.CompilerServices;
using Engine.Demo;
using Engine.Dkim;
using Spectre.Console;

namespace Engine.Cli;

/// <summary><c>engine demo</c>: the whole path on loopback, in a temporary directory, in under a minute.</summary>
internal static class DemoVerb
{
    private static readonly ConditionalWeakTable<DnsTable, DkimVerifier> Verifiers = [];

    public static Command Make(SharedOptions common)
    {
        var count = new Option<int>("--count") { Description = "Messages", DefaultValueFactory = _ => 10_000 };
        var sessions = new Option<int>("--sessions") { Description = "Connections of the generator", DefaultValueFactory = _ => 20 };
        var command = new Command("demo", "Submit, sign, store and deliver 10,000 messages on loopback, and account for each") { count, sessions };
        command.SetAction(async (parsed, stop) =>
        {
            using var loggers = LoggerFactory.Create(builder => Logging.Configure(builder, LogLevel.Error));
            var settings = new DemoSettings { Count = parsed.GetValue(count), Sessions = parsed.GetValue(sessions), Json = parsed.GetValue(common.Json) };
            var run = new DemoRun(settings, HostedEngine.StartAsync, SignaturesHold, TimeProvider.System, loggers);
            return await run.RunAsync(AnsiConsole.Console, stop).ConfigureAwait(false);
        });
        return command;
    }

    private static bool SignaturesHold(ReadOnlyMemory<byte> message, DnsTable names, int signatures)
    {
        var verifier = Verifiers.GetValue(names, static table => new DkimVerifier(TimeProvider.System, identity => new DkimKeyAnswer(table.Texts($"{identity.Selector}._domainkey.{identity.Domain}"))));
        var results = verifier.Verify(message.Span);
        return results.Count >= signatures && results.All(result => result.Verdict is DkimVerdict.Pass);
    }
}
