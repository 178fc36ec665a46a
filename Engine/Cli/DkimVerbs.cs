using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Configuration.Shapes;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Cli;

/// <summary><c>engine dkim generate | dns | rotate | ls | verify</c>.</summary>
internal static class DkimVerbs
{
    // RFC 8301 §3.2; the same floor as the default of dkim.minimumBits.
    private const int MinimumBits = 2_048;

    public static Command Make(SharedOptions common) => new("dkim", "Signing keys")
    {
        Generate(common),
        Dns(common),
        RotationVerbs.Rotate(common),
        RotationVerbs.List(common),
        DkimVerifyVerb.Make(common),
    };

    private static Command Generate(SharedOptions common)
    {
        var domain = DomainArgument();
        var selector = new Option<string?>("--selector") { Description = "Name of the key, never used before; default s1, and when that is taken one by the date" };
        var type = new Option<string>("--type") { Description = "rsa2048, rsa3072, rsa4096 or ed25519 (only beside an RSA key)", DefaultValueFactory = _ => "rsa2048" };
        type.AcceptOnlyFromAmong("rsa2048", "rsa3072", "rsa4096", "ed25519");
        var directory = new Option<string?>("--directory") { Description = "Where keys are found by their name; default dkim.directory of the configuration, without one ./dkim" };
        var command = new Command("generate", "Write a new key as DIRECTORY/DOMAIN.SELECTOR.pem, mode 0600, and print its DNS record") { domain, selector, type, directory };
        command.SetAction(parsed =>
        {
            var name = DomainOf(parsed.GetValue(domain)!);
            var snapshot = common.TryLoad(parsed);
            var folder = parsed.GetValue(directory) ?? FolderOf(common, parsed);
            var kind = Enum.Parse<KeyKind>(parsed.GetValue(type)!, ignoreCase: true);
            var chosen = Choose(parsed.GetValue(selector), folder, kind, BookOf(snapshot).Of(name), snapshot?.Options.Node ?? RotationTerms.FirstNode);
            var path = Path.Join(folder, $"{name}.{chosen}.pem");
            try
            {
                Directory.CreateDirectory(folder);
                KeyGenerator.Write(path, kind);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new CliError(ExitCode.BadData, $"{path} cannot be written: {fault.Message}");
            }

            if (FileOwner.Match(path, folder) is { } owner)
            {
                Output.Complain($"{path} belongs to root, and the engine's user may not read it: {owner}; change its owner to that of {folder}");
            }

            Output.Complain($"wrote {path}; publish this record, then 'engine reload':");
            Write(common, parsed, name, chosen, path);
        });
        return command;
    }

    private static Command Dns(SharedOptions common)
    {
        var domain = DomainArgument();
        var selector = new Option<string>("--selector") { Description = "Name of the key", DefaultValueFactory = _ => "s1" };
        var file = new Option<string?>("--key") { Description = "The key file; default DOMAIN.SELECTOR.pem in dkim.directory of the configuration, without one in ./dkim", HelpName = "FILE" };
        var command = new Command("dns", "Print the DNS record of a key") { domain, selector, file };
        command.SetAction(parsed =>
        {
            var name = DomainOf(parsed.GetValue(domain)!);
            Write(common, parsed, name, parsed.GetValue(selector)!, parsed.GetValue(file) ?? Path.Join(FolderOf(common, parsed), $"{name}.{parsed.GetValue(selector)}.pem"));
        });
        return command;
    }

    public static Argument<string> DomainArgument() => new("DOMAIN") { Description = "The sender domain" };

    /// <summary>The name of a new key: receivers and caches may still know the old key of a name that was used.</summary>
    /// <exception cref="CliError">The name that was asked for was used.</exception>
    public static string Choose(string? asked, string folder, KeyKind kind, DomainRotation rotation, int node)
    {
        if (asked is null)
        {
            return IsTaken("s1") || rotation.Find("s1") is not null ? rotation.NameFor(kind, TimeProvider.System.GetUtcNow(), node, IsTaken) : "s1";
        }

        return rotation.Find(asked) is not { } used ? asked
            : throw new CliError(ExitCode.BadData, $"the selector '{asked}' of {rotation.Domain} was used before ({Spelling.Of(used.Standing)} since {used.Since:yyyy-MM-dd}): a name is never used for two keys; leave --selector out for one by the date");

        bool IsTaken(string selector) => File.Exists(Path.Join(folder, $"{rotation.Domain}.{selector}.pem"));
    }

    // One that is damaged or may not be read is 'config check''s to tell.
    private static RotationBook BookOf(Snapshot? snapshot)
    {
        try
        {
            return snapshot is null ? RotationBook.Blank : RotationFile.Of(snapshot).Load();
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Output.Complain($"which selectors were used before is not known: {fault.Message}");
            return RotationBook.Blank;
        }
    }

    private static string FolderOf(SharedOptions common, ParseResult parsed) =>
        common.TryLoad(parsed) is { } snapshot ? snapshot.PathTo(snapshot.Options.Dkim.Directory) : "dkim";

    private static DomainName DomainOf(string text) =>
        DomainName.TryParse(text, out var domain) ? domain : throw new CliError(ExitCode.Usage, $"'{text}' is not a domain name");

    private static void Write(SharedOptions common, ParseResult parsed, DomainName domain, string selector, string path)
    {
        if (!PrivateKeyFile.TryRead(Path.GetFullPath(path), domain, selector, MinimumBits, out var key, out var fault))
        {
            throw new CliError(ExitCode.BadData, fault);
        }

        using (key as IDisposable)
        {
            var record = DkimRecord.For(key);
            if (parsed.GetValue(common.Json))
            {
                new Output(isJson: true).Object(new JsonObject { ["name"] = DkimRecord.NameOf(selector, domain), ["type"] = "TXT", ["text"] = record.Text, ["file"] = path });
            }
            else
            {
                Output.Line(record.ToZone(selector, domain));
            }
        }
    }
}
