using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Queue.Transfer;

namespace Engine.Cli;

/// <summary><c>engine queue export</c></summary>
internal static class ExportVerb
{
    // Removed in one request; each is a walk over its messages and a commit.
    private const int Batch = 1_000;
    private const double GrowthAllowed = 1.1;

    public static Command Make(SharedOptions common)
    {
        var to = new Option<string>("--file") { Description = "The file to write; it must not be there", HelpName = "FILE", Required = true };
        var hold = new Option<bool>("--hold") { Description = "Hold what is exported first, so that it is not sent from here; recipients in flight are left out" };
        var remove = new Option<bool>("--remove") { Description = "Hold, and cancel it here once the file is whole and stable" };
        var selectors = new SelectorOptions();
        var consent = new ConsentOptions();
        var command = new Command("export", "Write queued mail into a portable file (tar), to move it to another host. Without --hold or --remove it goes on being sent from here too") { to, hold, remove };
        selectors.AddTo(command);
        consent.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var selector = selectors.Read(parsed);
            using var client = AdminClient.For(common, parsed, Timeout.InfiniteTimeSpan);
            var holds = parsed.GetValue(hold) || parsed.GetValue(remove);
            if (holds || parsed.GetValue(consent.DryRun))
            {
                var counted = await CountAsync(client, selector, parsed, consent, holds, stop).ConfigureAwait(false);
                if (counted is not null)
                {
                    new Output(parsed.GetValue(common.Json)).Object(counted);
                    return ExitCode.Good;
                }
            }

            var reason = parsed.GetValue(consent.Reason) ?? string.Empty;
            var file = parsed.GetValue(to)!;
            var manifest = await WriteAsync(client, file, selector, holds, reason, stop).ConfigureAwait(false);
            var removed = parsed.GetValue(remove) ? await RemoveAsync(client, file, reason, stop).ConfigureAwait(false) : (long?)null;
            new Output(parsed.GetValue(common.Json)).Object(Told(manifest, file, removed));
            return manifest.Unreadable == 0 && (removed is null || removed == manifest.Recipients) ? ExitCode.Good : ExitCode.BadData;
        });
        return command;
    }

    // The answer of a dry run, or null to go on.
    private static async Task<JsonNode?> CountAsync(AdminClient client, JsonObject selector, ParseResult parsed, ConsentOptions consent, bool holds, CancellationToken stop)
    {
        if (holds && selector.Count == 0 && !parsed.GetValue(consent.All))
        {
            throw new CliError(ExitCode.Usage, "queue export --hold changes mail: give a selector, or --all for everything");
        }

        var counted = await client.PostAsync("v1/queue/hold", new { selector, dryRun = true }, stop).ConfigureAwait(false);
        counted["verb"] = "export";
        var count = (long)counted["count"]!;
        Output.Complain($"{count} recipients selected");
        if (parsed.GetValue(consent.DryRun))
        {
            return counted;
        }

        consent.Check(parsed, count, GrowthAllowed);
        return null;
    }

    // What came over the socket is read again before it counts as an export.
    private static async Task<TransferManifest> WriteAsync(AdminClient client, string path, JsonObject selector, bool hold, string reason, CancellationToken stop)
    {
        var file = NewFile.Make(path);
        await using (file.ConfigureAwait(false))
        {
            await client.DownloadAsync("v1/queue/export", new { selector, hold, reason }, file.Content, stop).ConfigureAwait(false);
            await file.Content.FlushAsync(stop).ConfigureAwait(false);
            file.Content.Position = 0;
            var manifest = await TransferCheck.RunAsync(file.Content, static _ => ValueTask.CompletedTask, stop).ConfigureAwait(false);
            file.Keep();
            return manifest;
        }
    }

    private static async Task<long> RemoveAsync(AdminClient client, string path, string reason, CancellationToken stop)
    {
        var removed = 0L;
        var batch = new List<object>(Batch);
        var file = TransferCheck.Open(path);
        await using (file.ConfigureAwait(false))
        {
            await TransferCheck.RunAsync(file, GatherAsync, stop).ConfigureAwait(false);
        }

        await SendAsync().ConfigureAwait(false);
        return removed;

        async ValueTask GatherAsync(TransferredMessage message)
        {
            batch.AddRange(message.States.Select(state => new { id = message.Envelope.Id.ToString(), index = state.Index }));
            if (batch.Count >= Batch)
            {
                await SendAsync().ConfigureAwait(false);
            }
        }

        async Task SendAsync()
        {
            if (batch.Count > 0)
            {
                var answer = await client.PostAsync("v1/queue/export/rm", new { recipients = batch, reason }, stop).ConfigureAwait(false);
                removed += (long)answer["count"]!;
                batch.Clear();
            }
        }
    }

    private static JsonObject Told(TransferManifest manifest, string file, long? removed)
    {
        if (manifest.InFlight > 0)
        {
            Output.Complain($"{manifest.InFlight} recipients were in flight and are left out; they are held when they come back: export again");
        }

        if (manifest.Unreadable > 0)
        {
            Output.Complain($"{manifest.Unreadable} messages cannot be read and are left out: 'engine spool verify' says where the damage is");
        }

        if (removed is { } count && count != manifest.Recipients)
        {
            Output.Complain($"only {count} of {manifest.Recipients} exported recipients were cancelled here: the others were released or ended meanwhile, and stand in the file too");
        }

        return new JsonObject
        {
            ["file"] = file,
            ["messages"] = manifest.Messages,
            ["recipients"] = manifest.Recipients,
            ["octets"] = manifest.Octets,
            ["inFlight"] = manifest.InFlight,
            ["unreadable"] = manifest.Unreadable,
            ["removed"] = removed,
        };
    }
}
