namespace Engine.Mail;

/// <summary>How likely the recipient is to welcome the mail, as the submitter says (<c>X-Engine-Engagement</c>). Addresses that warm up take the engaged first.</summary>
internal enum Engagement : byte
{
    /// <summary>Nothing was said.</summary>
    Normal,

    /// <summary>Opened or clicked lately.</summary>
    High,

    /// <summary>Silent for long.</summary>
    Low,
}
