using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Delivery;

/// <summary>Asked before each transaction: an address that was suppressed since the message came in gets nothing. Thread-safe.</summary>
/// <param name="list">Who is suppressed.</param>
/// <param name="current">Numbers of accounts and streams.</param>
internal sealed class SuppressionGate(ISuppressionList list, CurrentSnapshot current)
{
    /// <summary>The address's name on the list.</summary>
    public AddressDigest DigestOf(in Mailbox address) => list.DigestOf(address);

    /// <summary>What keeps mail of this stream and class from the address; null when nothing does.</summary>
    public async ValueTask<SuppressionEntry?> AskAsync(AddressDigest address, string account, string stream, StreamClass mailClass, CancellationToken stop)
    {
        var terms = current.Value.Feedback;
        var found = await list.FindAsync(address, terms.StreamOf(account, stream), mailClass, stop).ConfigureAwait(false);
        return found is null && terms.EarlierOf(account, stream) is { } earlier ? await list.FindAsync(address, earlier, mailClass, stop).ConfigureAwait(false) : found;
    }
}
