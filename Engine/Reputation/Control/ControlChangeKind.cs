namespace Engine.Reputation.Control;

/// <summary>What happened to a key.</summary>
internal enum ControlChangeKind : byte
{
    /// <summary>Nothing before <see cref="ControlChange.Until"/>.</summary>
    Paused,

    /// <summary>A pause is over; it goes on with a part.</summary>
    Resumed,

    /// <summary>Less rate or fewer connections.</summary>
    Slowed,

    /// <summary>A little more; frequent, so no event.</summary>
    Raised,

    /// <summary>A bound of connections or transactions was learned.</summary>
    Learned,

    /// <summary>A source's weight at a receiver fell or rose.</summary>
    Weighted,

    /// <summary>A source gets nothing at a receiver.</summary>
    Stopped,

    /// <summary>A stopped source is tried again.</summary>
    Probing,

    /// <summary>A source has its full weight again.</summary>
    Restored,

    /// <summary>The receiver is down for all: held, nobody blamed.</summary>
    Held,

    /// <summary>A receiver that was down takes mail again.</summary>
    Back,

    /// <summary>Somebody should look.</summary>
    Alert,

    /// <summary>The rule asks for something others do: TLS, IPv4, a look at the block lists. In <see cref="ControlChange.Request"/>.</summary>
    Requested,
}
