namespace Engine.Feedback;

/// <summary>What is done with a recipient after an outcome.</summary>
internal enum OutcomeAction : byte
{
    /// <summary>The receiver has it.</summary>
    Settle,

    /// <summary>Back into the queue; no attempt is counted.</summary>
    Return,

    /// <summary>Tried again; the attempt counts.</summary>
    Defer,

    /// <summary>Over, for good.</summary>
    Fail,

    /// <summary>Over: its time has run out.</summary>
    Expire,

    /// <summary>Over: it was not sent, because the recipient is suppressed.</summary>
    Suppress,
}
