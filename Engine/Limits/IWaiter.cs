using Engine.Mail;

namespace Engine.Limits;

/// <summary>Whoever was refused by a counter and waits for it.</summary>
internal interface IWaiter
{
    /// <summary>A place is free for this class; the waiter has left the line. It takes the place, or lets the next one have it.</summary>
    void Offer(ConnectionCounter counter, StreamClass streamClass);
}
