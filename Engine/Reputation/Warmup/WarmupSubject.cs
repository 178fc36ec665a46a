namespace Engine.Reputation.Warmup;

/// <summary>What a book is about.</summary>
internal enum WarmupSubject : byte
{
    /// <summary>Sources, by name.</summary>
    Source,

    /// <summary>Domains of the From header.</summary>
    SenderDomain,
}
