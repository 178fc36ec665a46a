using Engine.Mail;
using Engine.Suppression;

namespace Engine.Feedback.Reports;

/// <summary>Suppresses the recipient of a token, lastingly, and tells it. Thread-safe.</summary>
/// <param name="list">Where to.</param>
/// <param name="entryOf">Scope and end of an entry, as <c>suppression.rules</c> says.</param>
/// <param name="names">For the event.</param>
/// <param name="events">Take <c>suppression-added</c>, once for each entry: <c>rule</c> is <c>REASON/ORIGIN</c>, <c>reason</c> says the scope and the end.</param>
/// <param name="clock">When.</param>
internal sealed class SuppressionWriter(
    ISuppressionList list, Func<SuppressionReason, SuppressionOrigin, AddressDigest, StreamKey, DateTimeOffset, SuppressionEntry> entryOf, StreamNames names, IEvents events, TimeProvider clock)
{
    public AddressDigest DigestOf(in Mailbox address) => list.DigestOf(address);

    /// <summary>Completes when the entry is on stable storage, or was there.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="origin">Where that comes from.</param>
    /// <param name="token">Names recipient and stream; never one without a recipient.</param>
    /// <param name="address">Of the same recipient, where it is known.</param>
    /// <param name="stop">Gives up before it begins.</param>
    /// <returns>False when it changed nothing.</returns>
    public async ValueTask<bool> AddAsync(SuppressionReason reason, SuppressionOrigin origin, ReturnToken token, Mailbox address, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow();
        var entry = entryOf(reason, origin, token.Recipient, token.Stream, now);

        // Who hangs up before the answer has still said it: the event must not go with him.
        if (!await list.AddAsync(entry, address, CancellationToken.None).ConfigureAwait(false))
        {
            return false;
        }

        var (account, stream) = names.Of(token.Stream);
        var cause = new Event { Kind = EventKind.SuppressionAdded, Id = token.Id, RecipientIndex = -1, To = address.Wire, Domain = address.IsNull ? null : address.Domain.Name, Account = account, Stream = stream };
        events.Write(SuppressionEvents.Added(entry, cause, now));
        return true;
    }
}
