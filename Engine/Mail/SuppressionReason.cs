namespace Engine.Mail;

/// <summary>Why an address is suppressed; written lower case with hyphens. The numbers are stored.</summary>
internal enum SuppressionReason : byte
{
    None = 0,

    /// <summary>The address is dead: a reply or a bounce said so.</summary>
    Hard = 1,

    /// <summary>Its owner called mail of the scope spam.</summary>
    Complaint = 2,

    Unsubscribe = 3,

    /// <summary>Failed softly too often: full for days, or three failures over 72 h.</summary>
    Strike = 4,

    /// <summary>An operator or the API said so.</summary>
    Manual = 5,

    /// <summary>Does not suppress: a failure that was counted, of those that make a <see cref="Strike"/>.</summary>
    Warning = 6,
}
