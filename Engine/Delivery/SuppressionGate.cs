using Engine.Mail;
using Engine.Suppression;

namespace Engine.Delivery;

/// <summary>Asked before each transaction: an address that was suppressed since the message came in gets nothing. Thread-safe.</summary>
/// <param name="list">Who is suppressed.</param>
/// <param name="keyOf">Number of an account's stream.</param>
internal sealed class SuppressionGate(ISuppressionList list, Func<string, string, StreamKey> keyOf)
{
    /// <summary>What keeps mail of this flow from the address; null when nothing does.</summary>
    public ValueTask<SuppressionEntry?> AskAsync(ReadOnlyMemory<byte> address, Flow flow, CancellationToken stop) =>
        Mailbox.TryParse(address, allowUtf8: true, out var mailbox)
            ? list.FindAsync(list.DigestOf(mailbox), keyOf(flow.Account, flow.Stream), flow.Class, stop)
            : ValueTask.FromResult<SuppressionEntry?>(null);
}
