using System.Diagnostics.CodeAnalysis;
using Engine.Configuration;
using Engine.Delivery.Sts;
using Engine.Dns;
using Engine.Mail;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>The parts that know receivers' MTA-STS policies: desk, fetching, upkeep. Policies of before a restart are there from the start.</summary>
internal sealed class StsParts : IAsyncDisposable
{
    private readonly StsUpkeep _upkeep;
    private readonly LastingLoop _loops;

    /// <param name="current">The configuration in force.</param>
    /// <param name="dns">The resolver in force.</param>
    /// <param name="https">Fetches policies.</param>
    /// <param name="results">Told of fetches that fail; null tells nobody.</param>
    /// <param name="events">For alerts.</param>
    /// <param name="clock">Time of everything.</param>
    /// <param name="loggers">Logs.</param>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Everything made here is kept and disposed of with this.")]
    public StsParts(CurrentSnapshot current, Func<MailDns> dns, StrictHttps https, ITlsResults? results, IEvents events, TimeProvider clock, ILoggerFactory loggers)
    {
        var log = loggers.CreateLogger<StsDesk>();
        _loops = new LastingLoop(clock, log);
        var policies = new StsPolicies(StsPolicies.Most, StsPolicies.MostLetters);
        Desk = new StsDesk(current, (name, stop) => dns().Client.AskUncachedAsync(name, RecordType.Txt, stop), new StsFetch(https), policies, clock, new UnguessableRandom(), log)
        {
            Results = results,
            Events = events,
        };
        var path = Path.Join(current.Value.PathTo(current.Value.Options.State), "mta-sts");
        _upkeep = new StsUpkeep(Desk, policies, new StsFile(path), path, clock, log);
        _upkeep.Load();
    }

    /// <summary>Knows what domains ask of TLS.</summary>
    public StsDesk Desk { get; }

    /// <summary>Until stopped.</summary>
    public Task RunAsync(CancellationToken stop) => _loops.RunAsync("MTA-STS", _upkeep.RunAsync, stop);

    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}
