namespace Engine.Tests.Failures.Crash;

/// <summary>How a state was taken. Anything else is a broken promise.</summary>
internal enum StateOutcome : byte
{
    /// <summary>Everything is there.</summary>
    Recovered,

    /// <summary>It does not open and names the file.</summary>
    Refused,

    /// <summary>Everything is there, and one message cannot be read and says which file is damaged.</summary>
    Unreadable,
}
