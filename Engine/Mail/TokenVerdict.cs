namespace Engine.Mail;

/// <summary>What a text is that may be a token.</summary>
internal enum TokenVerdict : byte
{
    /// <summary>No token's form: some other address.</summary>
    NotOurs,

    /// <summary>Has the form, but none of our keys made it, or it was made for another purpose or in the future. Changes nothing.</summary>
    Forged,

    /// <summary>Ours, and older than is believed.</summary>
    Expired,

    Good,
}
