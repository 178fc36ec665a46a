namespace Engine.Submission;

internal enum AuthVerdict : byte
{
    Good,

    /// <summary>Unknown, wrong, disabled, or not from this address: the client is not told which.</summary>
    Bad,

    /// <summary>Too many logins are being checked.</summary>
    Busy,
}
