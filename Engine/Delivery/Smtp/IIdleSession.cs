namespace Engine.Delivery.Smtp;

/// <summary>What <see cref="SessionCache{TSession}"/> keeps.</summary>
internal interface IIdleSession
{
    /// <summary>Whether it can still be used: nothing pending, not closed by the peer. May take a system call.</summary>
    bool IsHealthy { get; }

    /// <summary>Says goodbye within a bounded time, and disposes.</summary>
    ValueTask CloseAsync();
}
