using Engine.Queue;

namespace Engine.Tests.Failures.Crash;

/// <summary>What a queue says of a message.</summary>
/// <param name="Recipients">By index; null for those that are gone.</param>
/// <param name="Version">Of head 0.</param>
/// <param name="Damage">Why it could not be read; null when it could.</param>
internal sealed record FoundMessage(FoundRecipient?[] Recipients, int Version, string? Damage)
{
    public bool IsGone => Array.TrueForAll(Recipients, static recipient => recipient is null);

    /// <summary>Asks an open queue.</summary>
    /// <param name="queue">Nobody else uses it meanwhile.</param>
    /// <param name="expected">The message.</param>
    /// <exception cref="CrashLabException">It reads as another message, and without a complaint.</exception>
    public static FoundMessage In(MailQueue queue, ExpectedMessage expected)
    {
        var letter = expected.Letter;
        var recipients = new FoundRecipient?[letter.Recipients];
        var slots = queue.Operators.SlotsOf(letter.Id);
        foreach (var slot in slots)
        {
            var known = queue.Look(slot);
            if (known.Index >= recipients.Length || known.State == RecipientState.InFlight || queue.DomainOf(known.Domain).Name != letter.DomainOf(known.Index))
            {
                throw new CrashLabException($"message {letter.Id} has a recipient it was not given: {known}");
            }

            recipients[known.Index] = new FoundRecipient(known.Attempts, known.State == RecipientState.Held);
        }

        if (slots.Count == 0)
        {
            return new FoundMessage(recipients, 0, null);
        }

        try
        {
            using var message = queue.Operators.Read(letter.Id);
            return letter.Differs(message!, out var version, expected.MostVersion) is { } difference
                ? throw new CrashLabException($"message {letter.Id} reads as {difference}")
                : new FoundMessage(recipients, version, null);
        }
        catch (QueueDamagedException damaged)
        {
            return new FoundMessage(recipients, 0, damaged.Message);
        }
    }
}
