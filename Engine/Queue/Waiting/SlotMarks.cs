namespace Engine.Queue.Waiting;

/// <summary>What else is known about a slot.</summary>
[Flags]
internal enum SlotMarks : byte
{
    None = 0,

    /// <summary>A dot went unanswered.</summary>
    Uncertain = 1,

    /// <summary>Its number went out by the due channel and has not come back: the slot must not be used for another.</summary>
    Out = 2,

    /// <summary>Ended while out; freed when it comes back.</summary>
    Ended = 4,

    /// <summary>To be held when the attempt returns.</summary>
    HoldLater = 8,

    /// <summary>To be cancelled when the attempt returns without a delivery.</summary>
    CancelLater = 16,

    /// <summary>To be ended as bounced when the attempt returns without a delivery.</summary>
    FailLater = 32,

    /// <summary>Ready in a line that is no longer its own: its next begin puts it back.</summary>
    Again = 64,

    /// <summary>An operator has given it up: its time is over whenever it is looked at.</summary>
    GivenUp = 128,

    EndLater = CancelLater | FailLater,
}
