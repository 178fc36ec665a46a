using Engine.Configuration;
using Engine.Mail;

namespace Engine.Queue;

/// <summary>
/// When a recipient's time is over: the message's or stream's own end, else <c>delivery.giveUp</c> of its class. The value of the category it
/// was last deferred for wins over the class's; an end that was made shorter than the class's stays.
/// </summary>
internal static class GiveUp
{
    public static DateTimeOffset Of(in QueuedRecipient recipient, Flow flow, EngineOptions options)
    {
        var giveUp = options.Delivery.GiveUp;
        var byClass = recipient.Accepted + (flow.Class is StreamClass.Transactional ? giveUp.Transactional : giveUp.Marketing);
        var own = recipient.GiveUp ?? byClass;
        return own < byClass ? own : Later(own, recipient.Accepted + giveUp.Of(flow.Class, recipient.Category));
    }

    // Never sooner than was promised at acceptance.
    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
