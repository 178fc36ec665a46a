using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight.Rotation;
using Engine.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Cli;

/// <summary><c>engine dkim verify FILE…|-|DOMAIN</c>: the signatures of messages, or the records of a domain's keys, against real DNS. Needs no daemon.</summary>
internal static class DkimVerifyVerb
{
    // Larger than any message that is taken.
    private const int MaxMessage = 128 << 20;

    public static Command Make(SharedOptions common)
    {
        var targets = new Argument<string[]>("FILE…|-|DOMAIN") { Description = "Messages as files, - for standard input; or a domain, whose keys are held against DNS", Arity = ArgumentArity.OneOrMore };
        var selector = new Option<string?>("--selector") { Description = "For a domain: one key; default all of its keys" };
        var command = new Command("verify", "Verify a message's signatures, or that DNS shows a domain's keys everywhere; 65 when not, 75 when DNS does not say") { targets, selector };
        command.SetAction(async (parsed, stop) =>
        {
            var named = parsed.GetValue(targets)!;
            var snapshot = common.TryLoad(parsed) ?? new Snapshot(new EngineOptions());
            await using var dns = new DnsClient(snapshot.Options.Dns, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);
            var output = new Output(parsed.GetValue(common.Json));
            if (named is [var one] && one != "-" && !File.Exists(one) && DomainName.TryParse(one, out var domain))
            {
                return await VerifyDomainAsync(output, snapshot, dns, domain, parsed.GetValue(selector), stop).ConfigureAwait(false);
            }

            var code = ExitCode.Good;
            foreach (var file in named)
            {
                code = Worse(code, await VerifyFileAsync(output, dns, file, stop).ConfigureAwait(false));
            }

            return code;
        });
        return command;
    }

    private static int Worse(int one, int other) => one is ExitCode.BadData || other is ExitCode.BadData ? ExitCode.BadData : Math.Max(one, other);

    private static async Task<int> VerifyFileAsync(Output output, DnsClient dns, string file, CancellationToken stop)
    {
        var message = WithLineEnds(await ReadAsync(file, stop).ConfigureAwait(false));
        var answers = new Dictionary<DkimIdentity, DkimKeyAnswer>();
        foreach (var identity in DkimVerifier.Identities(message).Distinct())
        {
            answers[identity] = await AskAsync(dns, identity, stop).ConfigureAwait(false);
        }

        var results = new DkimVerifier(TimeProvider.System, identity => answers.GetValueOrDefault(identity, new DkimKeyAnswer([]))).Verify(message);
        output.Rows(results.Select(result => Row(file, result)).DefaultIfEmpty(new JsonObject { ["file"] = file, ["verdict"] = "none", ["reason"] = "the message has no DKIM-Signature field" }), "file", "domain", "selector", "verdict", "partial", "reason");
        return results.Any(static result => result.Verdict is DkimVerdict.Pass) ? ExitCode.Good
            : results.Any(static result => result.Verdict is DkimVerdict.TemporaryError) ? ExitCode.TryAgain
            : ExitCode.BadData;
    }

    private static JsonObject Row(string file, DkimResult result) => new()
    {
        ["file"] = file,
        ["domain"] = result.Identity.Domain,
        ["selector"] = result.Identity.Selector,
        ["verdict"] = result.Verdict.ToString().ToLowerInvariant(),
        ["partial"] = result.IsPartial,
        ["reason"] = result.Reason,
    };

    private static async Task<DkimKeyAnswer> AskAsync(DnsClient dns, DkimIdentity identity, CancellationToken stop)
    {
        if (!DomainName.TryParse($"{identity.Selector}._domainkey.{identity.Domain}", out var name))
        {
            return new DkimKeyAnswer([]);
        }

        var answer = await dns.AskAsync(name, RecordType.Txt, stop).ConfigureAwait(false);
        return new DkimKeyAnswer([.. answer.Records.OfType<DnsRecord.Text>().Select(static record => record.Value)], answer.Status is LookupStatus.Failed);
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken stop)
    {
        try
        {
            await using var source = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using var content = new MemoryStream();
            var buffer = new byte[81_920];
            while (await source.ReadAsync(buffer, stop).ConfigureAwait(false) is var count and > 0)
            {
                await content.WriteAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
                if (content.Length > MaxMessage)
                {
                    throw new CliError(ExitCode.BadData, $"{file} is larger than any message ({MaxMessage} octets)");
                }
            }

            return content.ToArray();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CliError(ExitCode.BadData, $"{file} cannot be read: {fault.Message}");
        }
    }

    // A file may have been saved with LF alone; on the wire it had CRLF, and that is what was signed.
    private static byte[] WithLineEnds(byte[] message)
    {
        if (message.AsSpan().IndexOf("\r\n"u8) >= 0)
        {
            return message;
        }

        var lines = new MemoryStream(message.Length + (message.Length / 32));
        foreach (var octet in message)
        {
            if (octet == (byte)'\n')
            {
                lines.WriteByte((byte)'\r');
            }

            lines.WriteByte(octet);
        }

        return lines.ToArray();
    }

    private static async Task<int> VerifyDomainAsync(Output output, Snapshot snapshot, DnsClient dns, DomainName domain, string? selector, CancellationToken stop)
    {
        var folder = new KeyFolder(snapshot);
        var keys = Keys(snapshot, folder, domain).Where(key => selector is null || string.Equals(key.Selector, selector, StringComparison.OrdinalIgnoreCase)).ToList();
        if (keys.Count == 0)
        {
            throw new CliError(ExitCode.BadData, $"there is no key of {domain}{(selector is null ? string.Empty : $" with selector {selector}")} in {folder.Path}, nor in the configuration");
        }

        var rule = new AddressRule(snapshot.Options.Delivery.AllowAddresses.Select(System.Net.IPNetwork.Parse), [], []);
        var watch = new RecordWatch(() => dns, () => snapshot.Options, new ZoneServers(server => rule.Allows(server, AddressOrigin.Resolved)), new ServerInquiry(TimeProvider.System, new UnguessableRandom()), TimeProvider.System);
        var code = ExitCode.Good;
        foreach (var (name, file) in keys)
        {
            if (!PrivateKeyFile.TryRead(file, domain, name, snapshot.Options.Dkim.MinimumBits, out var key, out var fault))
            {
                throw new CliError(ExitCode.BadData, fault);
            }

            using (key as IDisposable)
            {
                var sighting = await watch.LookAsync(domain, name, DkimRecord.For(key), stop).ConfigureAwait(false);
                output.Rows(sighting.Places.Select(place => Row(domain, name, place)), "domain", "selector", "place", "verdict", "ttl", "reason");
                code = Worse(code, sighting.IsWhole ? ExitCode.Good : sighting.Places.Any(static place => place.Kind is SightingKind.Missing or SightingKind.Different) ? ExitCode.BadData : ExitCode.TryAgain);
            }
        }

        return code;
    }

    private static JsonObject Row(DomainName domain, string selector, PlaceSighting place) => new()
    {
        ["domain"] = domain.Name,
        ["selector"] = selector,
        ["place"] = place.Place,
        ["verdict"] = place.Kind.ToString().ToLowerInvariant(),
        ["ttl"] = Math.Round(place.Ttl.TotalSeconds),
        ["reason"] = place.Remark,
    };

    private static IEnumerable<(string Selector, string File)> Keys(Snapshot snapshot, KeyFolder folder, DomainName domain) =>
        snapshot.Options.Domains.GetValueOrDefault(domain.Name)?.Dkim is { Count: > 0 } written
            ? written.Select(key => (key.Selector, snapshot.PathTo(key.KeyFile)))
            : folder.Find(domain).Select(key => (key.Selector, folder.PathTo(domain, key.Selector)));
}
