using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Engine.Daemon;

namespace Engine.Cli;

/// <summary>Where the process starts: finds the verb and runs it.</summary>
internal static class EntryPoint
{
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the process: whatever went wrong is said in words with an exit code; the stack goes to ENGINE_DEBUG.")]
    public static async Task<int> Main(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await parsed.InvokeAsync().ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            // SIGTERM and SIGINT are the verbs' own affair: 'run' stops in good order.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).ConfigureAwait(false);
        }
        catch (CliError fault)
        {
            Output.Complain(fault.Message);
            return fault.Code;
        }
        catch (Exception fault)
        {
            Output.Complain(Environment.GetEnvironmentVariable("ENGINE_DEBUG") is null ? $"engine: {fault.Message}" : fault.ToString());
            return ExitCode.TryAgain;
        }
    }

    private static RootCommand Root()
    {
        var common = new SharedOptions();
        var version = new Command("version", "Print the version");
        version.SetAction(parsed => Output.Line(parsed.GetValue(common.Json) ? $"{{\"version\":\"{EngineVersion.Text}\"}}" : $"engine {EngineVersion.Text}"));
        var root = new RootCommand("Engine: an SMTP sending engine. One daemon, one configuration file.")
        {
            RunVerb.Make(common),
            DemoVerb.Make(common),
            ConfigVerbs.Make(common),
            ReloadVerb.Make(common),
            PauseVerbs.Overrides(common),
            StatusVerb.Make(common),
            QueueVerbs.Make(common),
            SpoolVerbs.Make(common),
            TraceVerb.Make(common),
            WhyVerb.Make(common),
            TopVerb.Make(common),
            ProviderVerbs.Make(common),
            SourceVerbs.Make(common),
            SourceVerbs.Pools(common),
            RouteVerbs.Make(common),
            PauseVerbs.Pause(common),
            PauseVerbs.Resume(common),
            AccountVerbs.Make(common),
            SenderVerbs.Campaigns(common),
            SenderVerbs.Engagement(common),
            DkimVerbs.Make(common),
            DomainVerbs.Make(common),
            ClassifyVerbs.Make(common),
            FeedbackVerbs.Make(common),
            BlocklistVerbs.Make(common),
            TlsReportVerbs.Make(common),
            SeedVerbs.Make(common),
            SuppressVerbs.Make(common),
            ForgetVerb.Make(common),
            ReloadVerb.Adopt(common),
            version,
        };
        common.AddTo(root);
        return root;
    }
}
