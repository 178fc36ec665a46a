namespace Engine.Limits;

/// <summary>Whoever was refused by a counter and waits for it.</summary>
internal interface IWaiter
{
    /// <summary>A place is free. True when the waiter took it; false lets the next one have it.</summary>
    bool Offer(ConnectionCounter counter);
}
