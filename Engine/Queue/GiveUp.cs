using Engine.Configuration;
using Engine.Mail;

namespace Engine.Queue;

/// <summary>When a recipient's time is over: the message's or stream's own end, else <c>delivery.giveUp</c> of its class.</summary>
internal static class GiveUp
{
    public static DateTimeOffset Of(in QueuedRecipient recipient, Flow flow, EngineOptions options) =>
        recipient.GiveUp ?? (recipient.Accepted + (flow.Class is StreamClass.Transactional ? options.Delivery.GiveUp.Transactional : options.Delivery.GiveUp.Marketing));
}
