using System.CommandLine;

namespace Engine.Cli;

/// <summary><c>engine tlsrpt ls | show DOMAIN</c>: what TLS with receivers came to.</summary>
internal static class TlsReportVerbs
{
    public static Command Make(SharedOptions common) => new("tlsrpt", "What TLS with receivers came to, and what they will be told of it (RFC 8460)") { List(common), Show(common) };

    private static Command List(SharedOptions common)
    {
        var command = new Command("ls", "Domains with sessions that are not reported yet, most failures first");
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var rows = await client.GetAsync("v1/tlsrpt", stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "day", "domain", "policies", "successful", "failed", "failures");
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Show(SharedOptions common)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "A recipient domain" };
        var command = new Command("show", "Its report as far as today has come; it is sent only where the domain asks for one") { domain };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var report = await client.GetAsync($"v1/tlsrpt/{Uri.EscapeDataString(parsed.GetValue(domain)!)}", stop).ConfigureAwait(false);
            Output.Line(parsed.GetValue(common.Json) ? report.ToJsonString() : report.ToJsonString(Indented.Options));
            return ExitCode.Good;
        });
        return command;
    }
}
