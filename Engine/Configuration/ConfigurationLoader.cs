using System.Text;
using Engine.Configuration.Binding;
using Engine.Configuration.Checks;
using Engine.Configuration.Providers;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>
/// Reads engine.json and what it includes: read, merge, bind, check. Every fault is a finding; nothing throws for what an operator wrote.
/// </summary>
internal sealed class ConfigurationLoader
{
    private readonly string _file;
    private readonly string _directory;
    private readonly EnvironmentText _environment;
    private readonly Report _report = new();

    private ConfigurationLoader(string file, Func<string, string?>? environment)
    {
        _file = file;
        _directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        _environment = new EnvironmentText(environment ?? Environment.GetEnvironmentVariable);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Path of engine.json; findings name it so.</param>
    /// <param name="environment">Gives environment variables; default those of the process.</param>
    public static LoadResult Load(string file, Func<string, string?>? environment = null)
    {
        var loader = new ConfigurationLoader(file, environment);
        return loader.Whole(loader.Read(file, JsonPath.Root));
    }

    /// <summary>Reads a text as if it stood in a file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">The file, for findings and relative paths; it need not exist.</param>
    /// <param name="environment">Gives environment variables; default those of the process.</param>
    public static LoadResult Parse(string json, string file = "engine.json", Func<string, string?>? environment = null)
    {
        var loader = new ConfigurationLoader(file, environment);
        return loader.Whole(loader.Tree(file, Encoding.UTF8.GetBytes(json)));
    }

    private LoadResult Whole(Setting? main)
    {
        if (main is null)
        {
            return new LoadResult(null, _report.ToFindings(null, _file));
        }

        var root = main;
        var merger = new SettingMerger(_report);
        foreach (var part in Included(main))
        {
            root = merger.Merge(root, part);
        }

        var options = new Binder(_report).Bind(root);
        var draft = new Draft(options, _directory, root, _report);
        Check(draft);
        var providers = ProviderChecks.Run(draft, Providers(draft));
        var findings = _report.ToFindings(root, _file);
        return new LoadResult(findings.HasCore ? null : SnapshotOf(options, providers, root, findings), findings);
    }

    private static void Check(Draft draft)
    {
        ListenerChecks.Run(draft);
        TlsChecks.Run(draft);
        RootsCheck.Run(draft);
        DkimChecks.Run(draft);
        AccountChecks.Run(draft);
        SourceChecks.Run(draft);
        RetryChecks.Run(draft);
        PoolChecks.Run(draft);
        WarmupChecks.Run(draft);
        LimitChecks.Run(draft);
        RelayChecks.Run(draft);
        SeedChecks.Run(draft);
        ControlChecks.Run(draft);
        FeedbackChecks.Run(draft);
        SenderChecks.Run(draft);
        RotationChecks.Run(draft);
        PlaceChecks.Run(draft);
        SecretFileCheck.Run(draft);
    }

    // Null where the operator has no file of his own, or one that is faulty.
    private ProviderBook? Providers(Draft draft)
    {
        if (draft.Options.Providers.File is not { } file || TextForms.Fault(TextForm.Path, file) is not null)
        {
            return null;
        }

        return Read(draft.PathTo(file), JsonPath.Root["providers"]["file"]) is { } tree && new ProviderReader(_report).Bind(tree) is { } written
            ? new ProviderBook(written)
            : null;
    }

    private Snapshot SnapshotOf(EngineOptions options, ProviderBook? providers, Setting root, Findings findings)
    {
        // A key that is isolated is left out: its domain is broken, everybody else goes without its signature.
        var broken = findings.All
            .Where(finding => finding.Path.StartsWith("$.dkim.also[", StringComparison.Ordinal))
            .Select(finding => finding.Subject)
            .ToHashSet();
        var also = options.Dkim.Also.Where(key => !broken.Contains(Mail.DomainName.Parse(key.Domain).Name)).ToList();
        var bare = new Snapshot(options with { Dkim = options.Dkim with { Also = also } }, _directory) { File = _file, Written = root, OwnProviders = providers };
        return bare.Isolating(findings.All);
    }

    private IEnumerable<Setting> Included(Setting main)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { Path.GetFullPath(_file) };
        var patterns = main.Find("include") is { Value: { Kind: SettingKind.List } list } ? list.Items : [];
        foreach (var pattern in patterns.Where(IsPattern))
        {
            foreach (var file in Expand(pattern).Where(seen.Add))
            {
                if (Part(file, pattern.Path) is { } part)
                {
                    yield return part;
                }
            }
        }
    }

    // The binder reports what is none.
    private static bool IsPattern(Setting setting) =>
        setting is { Kind: SettingKind.Text, Unset: false } && TextForms.Fault(TextForm.Path, setting.Text) is null;

    private IReadOnlyList<string> Expand(Setting pattern)
    {
        try
        {
            var files = IncludePattern.Expand(_directory, pattern.Text);
            if (files.Count == 0 && !IncludePattern.IsPattern(pattern.Text))
            {
                _report.Add(pattern, $"the file {Path.GetFullPath(pattern.Text, _directory)} does not exist");
            }

            return files;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _report.Add(pattern, $"cannot be looked up: {fault.Message}");
            return [];
        }
    }

    private Setting? Part(string file, JsonPath pattern)
    {
        var part = Read(file, pattern);
        if (part is { Kind: not SettingKind.Object })
        {
            _report.Add(part, $"expected an object, found {part.Shown}");
            return null;
        }

        if (part?.Find("include") is { } include)
        {
            _report.Add(include.Value.Path, file, include.Line, $"only {Path.GetFileName(_file)} itself may include files");
            return part with { Members = part.Members.Remove(include) };
        }

        return part;
    }

    private Setting? Read(string file, JsonPath cause)
    {
        try
        {
            return Tree(file, File.ReadAllBytes(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _report.Add(cause, file, 0, $"cannot be read: {fault.Message}");
            return null;
        }
    }

    private Setting? Tree(string file, byte[] utf8) => new SettingReader(file, utf8, _environment, _report).Read();
}
