using System.Collections.Concurrent;

namespace Engine.Demo;

/// <summary>Judges recipients as the script says and tells the ledger of those not accepted. One for each receiver; thread-safe.</summary>
internal sealed class RecipientDesk(ReceiverScript script, Ledger ledger, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Sender, string Recipient), DateTimeOffset> _seen = new();

    public RecipientVerdict Judge(string sender, string recipient)
    {
        if (script.Refuses(recipient))
        {
            ledger.Refuse(recipient);
            return RecipientVerdict.Refuse;
        }

        if (script.Greylist is { } wait && IsTooEarly(sender, recipient, wait))
        {
            ledger.Defer(recipient);
            return RecipientVerdict.Defer;
        }

        return RecipientVerdict.Accept;
    }

    private bool IsTooEarly(string sender, string recipient, TimeSpan wait)
    {
        var now = clock.GetUtcNow();
        var first = _seen.GetOrAdd((sender, recipient), now);
        return now - first < wait || first == now;
    }
}
