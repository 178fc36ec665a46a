using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight;
using Engine.Reputation;
using Engine.Wire;

namespace Engine.Cli;

/// <summary>Asks the running daemon for a check; where none answers, runs it here, over the resolvers and keys of the configuration.</summary>
internal static class OfflineChecks
{
    public static async Task<JsonNode> DomainAsync(SharedOptions common, ParseResult parsed, DomainName domain, CancellationToken stop)
    {
        if (await TryDaemonAsync(common, parsed, $"v1/domains/check?name={Uri.EscapeDataString(domain.Name)}", stop).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        var loaded = Load(common, parsed);
        var (snapshot, clock) = (loaded.Snapshot!, TimeProvider.System);
        await using var dns = DnsOf(snapshot);
        var sources = new SourceMap(snapshot).Sources;
        var bound = ListenersOf(snapshot);
        var subject = DomainSubject.Of(domain, snapshot, loaded.Keys!, new DomainSources(snapshot).Of(domain, sources), DomainParts.IdentityOf(snapshot, sources, bound));
        var outside = new OutsideHosts(() => dns, loaded.Roots, clock);
        outside.Load(new AddressRule(snapshot.Options.Delivery.AllowAddresses.Select(System.Net.IPNetwork.Parse), [], []));
        var report = await DomainChecker.Over(() => dns.Client, clock).CheckAllAsync(subject, LogoSource.Over(outside.Https), stop).ConfigureAwait(false);
        return ReportJson.Of(report, snapshot.Verify.Of(domain), standing: null, isInDoubt: false);
    }

    public static async Task<JsonArray> SourcesAsync(SharedOptions common, ParseResult parsed, string? name, CancellationToken stop)
    {
        var query = name is null ? string.Empty : $"?name={Uri.EscapeDataString(name)}";
        if (await TryDaemonAsync(common, parsed, $"v1/sources/check{query}", stop).ConfigureAwait(false) is { } answer)
        {
            return answer.AsArray();
        }

        var snapshot = Load(common, parsed).Snapshot!;
        var sources = new SourceMap(snapshot).Sources.Where(source => name is null || source.Name == name).ToArray();
        if (sources.Length == 0)
        {
            throw new CliError(ExitCode.Usage, $"there is no source '{name}'");
        }

        await using var dns = DnsOf(snapshot);
        return ReportJson.Of(await DomainChecker.Over(() => dns.Client, TimeProvider.System).CheckSourcesAsync(sources, stop).ConfigureAwait(false));
    }

    private static MailDns DnsOf(Snapshot snapshot) => new(snapshot.Options.Dns, TimeProvider.System, new UnguessableRandom(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    private static System.Net.IPEndPoint[] ListenersOf(Snapshot snapshot) =>
        [.. snapshot.Options.Listeners.Values.Where(listener => listener.Role is ListenerRole.Feedback).SelectMany(listener => listener.Bind).Select(System.Net.IPEndPoint.Parse)];

    private static CheckedConfiguration Load(SharedOptions common, ParseResult parsed)
    {
        var loaded = ConfigurationCheck.Load(common.FileOf(parsed));
        return loaded.Snapshot is not null ? loaded : throw new CliError(ExitCode.BadConfiguration, string.Join('\n', loaded.Findings.All));
    }

    // Null when none answers; with --socket somebody is meant to.
    private static async Task<JsonNode?> TryDaemonAsync(SharedOptions common, ParseResult parsed, string path, CancellationToken stop)
    {
        try
        {
            using var client = AdminClient.For(common, parsed);
            return await client.GetAsync(path, stop).ConfigureAwait(false);
        }
        catch (CliError fault) when (fault.Code == ExitCode.Unavailable && parsed.GetValue(common.Socket) is null)
        {
            Output.Complain($"{fault.Message}; asking DNS from here");
            return null;
        }
    }
}
