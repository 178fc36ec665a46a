using Engine.Queue;

namespace Engine.Delivery;

/// <summary>Signs heads anew whose key was withdrawn since the message came in. Thread-safe; asked before each attempt.</summary>
internal interface IHeadRenewal
{
    /// <summary>False while every signature ever made is good: one volatile read, and nothing more is asked.</summary>
    bool IsActive { get; }

    /// <summary>Renews a head where it needs it, in the queue first, then in the message at hand. A head that needs nothing costs no allocation.</summary>
    /// <param name="message">In flight.</param>
    /// <param name="head">Number of the head that is to leave.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>False when no key may sign for it yet: the message must wait, which is trouble of ours.</returns>
    ValueTask<bool> TryRenewAsync(StoredMessage message, int head, CancellationToken stop);
}
