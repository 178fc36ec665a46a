using Engine.Mail;

namespace Engine.Reputation.Sources;

/// <summary>A source's local address came or went.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="Source">The source.</param>
/// <param name="Presence">What it is now.</param>
/// <param name="Lasted">How long it had been as before.</param>
internal sealed record SourceChange(DateTimeOffset At, Source Source, AddressPresence Presence, TimeSpan Lasted)
{
    private const string Rule = "source-address";

    /// <summary>An <c>alert</c> when it went, <c>source-restored</c> when it is back.</summary>
    public Event ToEvent() => new()
    {
        Kind = Presence is AddressPresence.Present ? EventKind.SourceRestored : EventKind.Alert,
        Time = At,
        RecipientIndex = -1,
        Source = Source.Name,
        SourceAddress = Source.Address,
        Who = Rule,
        Rule = Rule,
        Reason = Words(Source, Presence),
    };

    public static string Words(Source source, AddressPresence presence) => presence switch
    {
        AddressPresence.Present => $"{source.Bind} is on this host again",
        AddressPresence.Missing => $"{source.Bind} is on no interface of this host: nothing leaves from this source until it is back",
        AddressPresence.InterfaceDown => $"the interface of {source.Bind} is down: nothing leaves from this source until it is up",
        _ => $"the system refuses {source.Bind} though an interface has it: nothing leaves from this source until it does not",
    };
}
