namespace Engine.Mail;

/// <summary>How lively a recipient has been towards the sender. A source that warms up takes the lively ones first.</summary>
internal enum Engagement : byte
{
    /// <summary>Nothing was said.</summary>
    Normal,

    /// <summary>Opened, clicked or wrote of late.</summary>
    High,

    /// <summary>Silent for long.</summary>
    Low,
}
