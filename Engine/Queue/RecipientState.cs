namespace Engine.Queue;

/// <summary>Where a queued recipient is.</summary>
internal enum RecipientState : byte
{
    /// <summary>The slot is free.</summary>
    None,

    /// <summary>In the due wheel: never tried and scheduled for later, or deferred.</summary>
    Waiting,

    /// <summary>Its time has come; Scheduling has it.</summary>
    Ready,

    /// <summary>An attempt is running.</summary>
    InFlight,

    /// <summary>Held by an operator or because its account is in review; not in the wheel.</summary>
    Held,
}
