using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary><c>engine suppress ls | export | import | stats</c>: the whole list.</summary>
internal static class SuppressListVerbs
{
    public static IEnumerable<Command> Make(SharedOptions common) => [List(common), Export(common), Import(common), Stats(common)];

    private static Command List(SharedOptions common)
    {
        var selection = new SuppressSelection();
        var limit = new Option<int>("--limit") { Description = "At most so many", DefaultValueFactory = _ => 100 };
        var command = new Command("ls", "Entries of the list, in no order") { limit };
        selection.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            var body = selection.Read(parsed);
            body["limit"] = parsed.GetValue(limit);
            var rows = await client.PostAsync("v1/suppressions/ls", body, stop).ConfigureAwait(false);
            new Output(parsed.GetValue(common.Json)).Rows(rows.AsArray(), "address", "scope", "account", "stream", "class", "reason", "origin", "added", "expires");
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Export(SharedOptions common)
    {
        var selection = new SuppressSelection();
        var file = new Option<string?>("--file") { Description = "The file to write; it must not be there. Default standard output", HelpName = "FILE" };
        var command = new Command("export", "Write the list as CSV, which 'suppress import' takes; an address that is not known stands as its digest") { file };
        selection.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed, Timeout.InfiniteTimeSpan);
            if (parsed.GetValue(file) is not { } path)
            {
                await using var output = Console.OpenStandardOutput();
                await client.DownloadAsync("v1/suppressions/export", selection.Read(parsed), output, stop).ConfigureAwait(false);
                return ExitCode.Good;
            }

            var target = NewFile.Make(path);
            await using (target.ConfigureAwait(false))
            {
                var counted = new CountedStream(target.Content, Progress(null));
                await using (counted.ConfigureAwait(false))
                {
                    await client.DownloadAsync("v1/suppressions/export", selection.Read(parsed), counted, stop).ConfigureAwait(false);
                }

                target.Keep();
            }

            return ExitCode.Good;
        });
        return command;
    }

    private static Command Import(SharedOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "CSV: address,scope,account,stream,class,reason,expires,added, or as its heading says; only the address is needed. - for standard input" };
        var account = new Option<string?>("--account") { Description = "Of lines that name no scope: this account; default global", HelpName = "NAME" };
        var stream = new Option<string?>("--stream") { Description = "Of lines that name no scope: this stream of the account", HelpName = "NAME" };
        var expires = new Option<string?>("--expires") { Description = "Of lines that say no end: how long, such as 365d; default for ever", HelpName = "TIME" };
        var reason = new Option<string?>("--reason") { Description = "Why; recorded in the admin event", HelpName = "TEXT" };
        var command = new Command("import", "Add what a CSV file holds. Lines that are not understood are told and passed over; it may be repeated") { file, account, stream, expires, reason };
        command.SetAction(async (parsed, stop) =>
        {
            var name = parsed.GetValue(file)!;
            var content = name == "-" ? Console.OpenStandardInput() : File.Exists(name) ? File.OpenRead(name) : throw new CliError(ExitCode.BadData, $"{name} does not exist");
            var counted = new CountedStream(content, Progress(content.CanSeek ? content.Length : null));
            await using (counted.ConfigureAwait(false))
            {
                using var client = AdminClient.For(common, parsed, Timeout.InfiniteTimeSpan);
                using var body = new StreamContent(counted, 1 << 20);
                (string Name, string? Value)[] given = [("account", parsed.GetValue(account)), ("stream", parsed.GetValue(stream)), ("expires", parsed.GetValue(expires)), ("reason", parsed.GetValue(reason))];
                var query = string.Join('&', given.Where(static one => one.Value is not null).Select(static one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
                return Tell(new Output(parsed.GetValue(common.Json)), await client.UploadAsync($"v1/suppressions/import?{query}", body, stop).ConfigureAwait(false));
            }
        });
        return command;
    }

    private static int Tell(Output output, JsonNode result)
    {
        var faults = result["faults"]!.AsArray();
        foreach (var fault in faults)
        {
            Output.Complain($"line {fault!["line"]}: {fault["reason"]}");
        }

        result.AsObject().Remove("faults");
        output.Object(result);
        return faults.Count == 0 ? ExitCode.Good : ExitCode.BadData;
    }

    private static Command Stats(SharedOptions common)
    {
        var command = new Command("stats", "How large the list is, on disk and in memory");
        command.SetAction(async (parsed, stop) =>
        {
            using var client = AdminClient.For(common, parsed);
            new Output(parsed.GetValue(common.Json)).Object(await client.GetAsync("v1/suppressions/stats", stop).ConfigureAwait(false));
            return ExitCode.Good;
        });
        return command;
    }

    // For a person only: a line that is written over.
    private static Action<long>? Progress(long? whole) => Console.IsErrorRedirected
        ? null
        : octets => Console.Error.Write(whole is > 0 ? $"\r{octets >> 20} MiB, {100 * octets / whole}% " : $"\r{octets >> 20} MiB ");
}
