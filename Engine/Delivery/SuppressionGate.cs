using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Delivery;

/// <summary>Asked before each transaction: an address that was suppressed since the message came in gets nothing. Thread-safe.</summary>
/// <param name="list">Who is suppressed.</param>
/// <param name="current">Numbers of accounts and streams.</param>
internal sealed class SuppressionGate(ISuppressionList list, CurrentSnapshot current)
{
    /// <summary>What keeps mail of this flow from the address; null when nothing does.</summary>
    public ValueTask<SuppressionEntry?> AskAsync(ReadOnlyMemory<byte> address, Flow flow, CancellationToken stop) =>
        Mailbox.TryParse(address, allowUtf8: true, out var mailbox) ? AskAsync(mailbox, flow.Account, flow.Stream, flow.Class, stop) : ValueTask.FromResult<SuppressionEntry?>(null);

    /// <inheritdoc cref="AskAsync(ReadOnlyMemory{byte}, Flow, CancellationToken)"/>
    public async ValueTask<SuppressionEntry?> AskAsync(Mailbox address, string account, string stream, StreamClass mailClass, CancellationToken stop)
    {
        var (terms, digest) = (current.Value.Feedback, list.DigestOf(address));
        var found = await list.FindAsync(digest, terms.StreamOf(account, stream), mailClass, stop).ConfigureAwait(false);
        return found is null && terms.EarlierOf(account, stream) is { } earlier ? await list.FindAsync(digest, earlier, mailClass, stop).ConfigureAwait(false) : found;
    }
}
