using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Transfer;
using Engine.Reputation;

namespace Engine.Daemon;

/// <summary>Moves mail to and from other engines, and tells it: an <c>admin</c> event each, and an <c>accepted</c> event for each recipient that came.</summary>
internal sealed class TransferDesk(EngineHost host, TimeProvider clock)
{
    /// <param name="selector">Which recipients.</param>
    /// <param name="words">The selector as given, for the event.</param>
    /// <param name="hold">Holds them first; see <see cref="QueueExport"/>.</param>
    /// <param name="reason">The operator's.</param>
    /// <param name="target">Where the export goes.</param>
    /// <param name="stop">What was held stays held.</param>
    public async Task<TransferManifest> ExportAsync(RecipientSelector selector, string words, bool hold, string reason, Stream target, CancellationToken stop)
    {
        var origin = TransferOrigin.Here(Guid.NewGuid(), host.Snapshot.Options.Hostname, clock.GetUtcNow());
        var manifest = await new QueueExport(host.Queue, hold).RunAsync(selector, new TransferWriter(target, origin), stop).ConfigureAwait(false);
        Tell(hold ? "queue export --hold" : "queue export", words, manifest.Recipients, reason);
        return manifest;
    }

    /// <summary>Cancels what was exported and is still held.</summary>
    /// <param name="exported">Exactly these.</param>
    /// <param name="reason">The operator's.</param>
    /// <param name="stop">What was cancelled stays so.</param>
    public Task<OperatorChange> RemoveAsync(IReadOnlySet<(MessageId Id, ushort Index)> exported, string reason, CancellationToken stop)
    {
        var selector = RecipientSelector.All with { Ids = [.. exported.Select(static one => one.Id).Distinct()], Exactly = exported, State = RecipientState.Held };
        return host.Operators.ChangeAsync(new OperatorRequest("rm", selector, "exported", reason), stop);
    }

    /// <param name="source">An export.</param>
    /// <param name="held">Holds all of it.</param>
    /// <param name="reason">The operator's.</param>
    /// <param name="stop">What was taken stays.</param>
    public async Task<ImportResult> ImportAsync(Stream source, bool held, string reason, CancellationToken stop)
    {
        var reader = new TransferReader(source);
        var origin = await reader.BeginAsync(stop).ConfigureAwait(false);
        var directory = Path.Join(host.Snapshot.PathTo(host.Snapshot.Options.State), "imports");
        using var record = ImportRecord.Open(directory, origin.Export, clock.GetUtcNow());
        var result = await new QueueImport(host.Queue, record, Refuse, Accepted, clock).RunAsync(reader, held, stop).ConfigureAwait(false);
        Tell("queue import", $"export {origin.Export} of {origin.Host}", result.Recipients, reason);
        return result;
    }

    // Mail without its account or pool could not be sent; it stays in the file until they are there.
    private string? Refuse(Envelope envelope)
    {
        var snapshot = host.Snapshot;
        if (envelope.Account != OwnMessage.Account && snapshot.AccountOf(envelope.Account) is null)
        {
            return $"there is no account '{envelope.Account}' here";
        }

        return envelope.Pool.Length == 0 || envelope.Pool == SourceMap.Default || snapshot.Options.Pools.ContainsKey(envelope.Pool)
            ? null
            : $"there is no pool '{envelope.Pool}' here";
    }

    private void Accepted(NewMessage message)
    {
        var now = clock.GetUtcNow();
        for (var recipient = 0; recipient < message.Envelope.Recipients.Count; recipient++)
        {
            host.Events.Write(message.Accepted(recipient, session: 0) with
            {
                Time = now,
                Code = 0,
                Command = default,
                Queued = now - message.Envelope.Accepted,
                Who = AdminEvents.Operator,
                Reason = "imported",
            });
        }
    }

    private void Tell(string verb, string selector, long count, string reason) => host.Events.TellAdmin(clock.GetUtcNow(), verb, selector, reason, count);
}
