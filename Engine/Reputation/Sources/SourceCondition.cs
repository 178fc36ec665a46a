namespace Engine.Reputation.Sources;

/// <summary>What keeps a source from sending; of several the first of this list that holds, Enabled last of all.</summary>
internal enum SourceCondition : byte
{
    Enabled,

    /// <summary>An operator took it out: as if it were in no pool.</summary>
    Disabled,

    /// <summary>Its local address is on no interface, or is refused.</summary>
    AddressMissing,

    InterfaceDown,

    /// <summary>An operator lets it run dry: nothing new, what is in flight ends.</summary>
    Drained,

    /// <summary>It may send to nobody, or not to some; see the quarantines.</summary>
    Quarantined,

    /// <summary>Limited by its warm-up at one operator at least.</summary>
    Warming,
}
