namespace Engine.Reputation.Control;

/// <summary>Whose fault a bad reply is: only that slows.</summary>
internal enum Blame : byte
{
    /// <summary>Nobody's: taken, greylisted, or a bound of one session.</summary>
    Nobody,
    Recipient,

    /// <summary>This message.</summary>
    Content,

    /// <summary>What a whole campaign says; counted before it is believed.</summary>
    Campaign,
    SenderDomain,
    Source,
    Receiver,

    /// <summary>Our own fault or trouble; says nothing about anybody.</summary>
    Ours,
}
