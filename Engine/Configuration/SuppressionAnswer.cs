namespace Engine.Configuration;

/// <summary>What submission answers for a suppressed recipient.</summary>
internal enum SuppressionAnswer : byte
{
    /// <summary>250, and the event <c>suppressed</c> instead of an attempt.</summary>
    Accept,

    /// <summary>550 5.7.1 to RCPT.</summary>
    Reject,
}
