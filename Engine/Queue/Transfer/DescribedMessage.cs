namespace Engine.Queue.Transfer;

/// <summary>What <c>ID.json</c> says: the message, and what must follow it.</summary>
/// <param name="Message">Its heads hold no octets yet.</param>
/// <param name="Heads">Of each head.</param>
/// <param name="Content">Of the content.</param>
internal sealed record DescribedMessage(TransferredMessage Message, IReadOnlyList<DescribedOctets> Heads, DescribedOctets Content);
