using Engine.Mail;

namespace Engine.Suppression;

/// <summary>The list of those who get no mail. Thread-safe.</summary>
internal interface ISuppressionList
{
    /// <summary>The address's name here: of its normalised form (trimmed, lower case, IDN as A-labels; dots and plus tags stay), with the list's key.</summary>
    AddressDigest DigestOf(in Mailbox address);

    /// <summary>
    /// The entry that keeps mail of this stream and class from the address; null when none does. Asks global, account and stream, each also for the class alone. Completes at
    /// once unless a filter says maybe, which is rare for those who are not on the list. Expired entries and warnings are none.
    /// </summary>
    ValueTask<SuppressionEntry?> FindAsync(AddressDigest address, StreamKey stream, StreamClass mailClass, CancellationToken stop);

    /// <summary>The entry of exactly this scope, expired or a warning too; null when there is none.</summary>
    ValueTask<SuppressionEntry?> LookAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop);

    /// <summary>Adds; completes when that is on stable storage. An entry of the same scope that holds longer, or that weighs more, stays.</summary>
    /// <param name="entry">What is added.</param>
    /// <param name="address">Kept encrypted where <c>suppression.addresses</c> says so; default when only the digest is known.</param>
    /// <param name="stop">Gives up waiting, not the addition.</param>
    /// <returns>False when it changed nothing: the same was there already.</returns>
    ValueTask<bool> AddAsync(SuppressionEntry entry, Mailbox address, CancellationToken stop);

    /// <summary>Removes the entry of exactly this scope; completes when that is on stable storage.</summary>
    /// <returns>False when there was none.</returns>
    ValueTask<bool> RemoveAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop);
}
