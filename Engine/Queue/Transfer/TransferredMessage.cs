using Engine.Mail;

namespace Engine.Queue.Transfer;

/// <summary>A message as it goes into an export or comes out of one, but for its content.</summary>
/// <param name="Envelope">With the recipients that are left, whose heads are numbered anew.</param>
/// <param name="States">One for each recipient.</param>
/// <param name="Heads">Those that are still needed.</param>
internal sealed record TransferredMessage(Envelope Envelope, IReadOnlyList<TransferredRecipient> States, IReadOnlyList<MessageHead> Heads)
{
    /// <summary>Keeps some of a message's recipients and the heads they need.</summary>
    /// <param name="whole">The envelope as it was accepted.</param>
    /// <param name="kept">Which recipients, by index in <paramref name="whole"/>.</param>
    /// <param name="head">Gives a head by its number.</param>
    public static TransferredMessage Of(Envelope whole, IReadOnlyList<TransferredRecipient> kept, Func<int, MessageHead> head)
    {
        var numbers = kept.Select(one => whole.Recipients[one.Index].Head).Distinct().Order().ToList();
        var recipients = kept.Select(one => whole.Recipients[one.Index] with { Head = (ushort)numbers.IndexOf(whole.Recipients[one.Index].Head) });
        return new TransferredMessage(whole with { Recipients = [.. recipients] }, kept, [.. numbers.Select(number => head(number))]);
    }
}
