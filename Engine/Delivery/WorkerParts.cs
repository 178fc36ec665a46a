using System.Threading.Channels;
using Engine.Delivery.Smtp;
using Engine.Queue;
using Engine.Routing;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>What every worker works with.</summary>
internal sealed record WorkerParts(
    MailQueue Queue,
    Scheduler Scheduler,
    DestinationTable Destinations,
    SessionOpener Opener,
    RelayDesk Relays,
    SessionCache<SmtpSession> Cache,
    ChannelWriter<Attempt> Attempts,
    DeliveryMeter Meter,
    TimeProvider Clock,
    Func<QueuedRecipient, bool> MayGo,
    Random Chance,
    ILogger Log)
{
    private OpeningNeeds? _needs;

    /// <summary>Recipients in one transaction from a source to an operator; from 1 to <see cref="Batch.MaxRecipients"/>. Asked for each pull; must not block.</summary>
    public Func<string, string, int> RecipientsPerTransaction { get; init; } = static (_, _) => Batch.MaxRecipients;

    /// <summary>Asked before each transaction; null lets everybody through.</summary>
    public SuppressionGate? Gate { get; init; }

    /// <summary>Makes the return paths that go on the wire; null leaves the submitters'.</summary>
    public ReturnPaths? ReturnPaths { get; init; }

    /// <summary>Signs heads of withdrawn keys anew; null where nothing signs.</summary>
    public IHeadRenewal? Renewal { get; init; }

    /// <summary>Set before the first worker starts and at each reload.</summary>
    public OpeningNeeds Needs
    {
        get => Volatile.Read(ref _needs) ?? throw new InvalidOperationException("Not loaded yet.");
        set => Volatile.Write(ref _needs, value);
    }

    /// <summary>Recipients a transaction may have: one where each has a return path of his own.</summary>
    public int MostRecipients(string source, string operatorId) =>
        ReturnPaths is { IsPerRecipient: true } ? 1 : Math.Clamp(RecipientsPerTransaction(source, operatorId), 1, Batch.MaxRecipients);
}
