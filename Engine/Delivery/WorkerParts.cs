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

    /// <summary>Set before the first worker starts and at each reload.</summary>
    public OpeningNeeds Needs
    {
        get => Volatile.Read(ref _needs) ?? throw new InvalidOperationException("Not loaded yet.");
        set => Volatile.Write(ref _needs, value);
    }
}
