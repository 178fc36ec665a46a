namespace Engine.Demo;

/// <summary>A scripted receiver's answer to RCPT.</summary>
internal enum RecipientVerdict : byte
{
    Accept,

    /// <summary>451 4.7.1: greylisted.</summary>
    Defer,

    /// <summary>550 5.1.1.</summary>
    Refuse,
}
