using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;
using Engine.Reports.Seeds;
using Engine.Reputation;

namespace Engine.Daemon;

/// <summary>The parts that find out how mail arrives: probes to seed mailboxes.</summary>
internal sealed class SeedParts : IDisposable
{
    private readonly SeedMeter _meter = new();
    private readonly CurrentSnapshot _current;
    private readonly MailQueue _queue;
    private readonly SourceMap _sources;

    /// <param name="current">The configuration.</param>
    /// <param name="queue">Asked whether a probe still waits.</param>
    /// <param name="sources">Whose names and addresses stand in Received fields.</param>
    /// <param name="outside">How IMAP servers are reached.</param>
    /// <param name="intake">Takes probes.</param>
    /// <param name="events">Take alerts.</param>
    /// <param name="chance">Unguessable.</param>
    /// <param name="clock">Times everything.</param>
    /// <param name="loggers">Told of faults.</param>
    public SeedParts(CurrentSnapshot current, MailQueue queue, SourceMap sources, OutsideHosts outside, IIntake intake, IEvents events, Random chance, TimeProvider clock, ILoggerFactory loggers)
    {
        (_current, _queue, _sources) = (current, queue, sources);
        var ways = new SeedWays { Rule = () => outside.Rule, Roots = () => outside.Roots, ResolveAsync = outside.ResolveAsync, Password = PasswordOf };
        var visitor = new SeedVisitor(ways, MailNow, clock);
        Desk = new SeedDesk(
            new SeedOutlets
            {
                Intake = intake,
                VisitAsync = visitor.VisitAsync,
                Mail = MailNow,
                From = FromOf,
                IsQueuedAsync = IsQueuedAsync,
                SourceIn = SourceIn,
                Node = current.Value.Options.Node,
            },
            _meter,
            events,
            chance,
            clock,
            loggers.CreateLogger<SeedDesk>());
        Load(current.Value);
    }

    public SeedDesk Desk { get; }

    /// <summary>What is kept over a restart.</summary>
    public KeptState State => KeptState.OfStream("seeds", Desk.Save, Desk.Restore);

    /// <summary>A reload: what is under way goes on.</summary>
    public void Load(Snapshot snapshot) => Desk.Load(SeedPlan.Of(snapshot.Options));

    public void Dispose() => _meter.Dispose();

    private SeedMail MailNow() => new(_current.Value.Options.Hostname);

    private Mailbox FromOf(SeedPlan plan)
    {
        var options = _current.Value.Options;
        return Mailbox.Parse(plan.Options.From ?? options.System.From ?? $"mailer-daemon@{options.Hostname}");
    }

    private string? PasswordOf(SeedOptions seed)
    {
        try
        {
            return Login.PasswordIn(File.ReadAllText(_current.Value.PathTo(seed.PasswordFile)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async ValueTask<bool> IsQueuedAsync(MessageId id, CancellationToken stop)
    {
        await foreach (var _ in _queue.Operators.FindAsync(RecipientSelector.All with { Ids = [id], Limit = 1 }, stop).ConfigureAwait(false))
        {
            return true;
        }

        return false;
    }

    // The field that the receiver's own server wrote names the address it was connected from.
    private string SourceIn(IReadOnlyList<string> received) => received
        .SelectMany(field => _sources.Sources.Where(source =>
            (source.Address is { } address && field.Contains($"[{address}]", StringComparison.OrdinalIgnoreCase)) || field.Contains($"from {source.Ehlo} ", StringComparison.OrdinalIgnoreCase)))
        .Select(source => source.Name)
        .FirstOrDefault() ?? string.Empty;
}
