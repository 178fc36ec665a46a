using Engine.Mail;

namespace Engine.Routing;

/// <summary>What the choice of a relay is asked about: one recipient that is due.</summary>
internal readonly record struct RelayCase
{
    /// <summary>Since acceptance.</summary>
    public required TimeSpan Age { get; init; }

    public required StreamClass Class { get; init; }

    /// <summary>Attempts that counted.</summary>
    public int Attempts { get; init; }

    /// <summary>Of the last failure; default for none. <see cref="Relay.Doubt"/> binds it to that relay.</summary>
    public Category Category { get; init; }

    /// <summary>Its final dot went unanswered at the last attempt: the receiver may have the message.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>Pool it leaves by.</summary>
    public string Pool { get; init; }

    /// <summary>The relay that the pool's <c>onEmpty</c> names, when none of its sources may send; null otherwise.</summary>
    public string? OnEmpty { get; init; }
}
