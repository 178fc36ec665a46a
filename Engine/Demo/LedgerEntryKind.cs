namespace Engine.Demo;

/// <summary>What a line of a ledger file tells. The value is the letter it starts with.</summary>
internal enum LedgerEntryKind : byte
{
    /// <summary>A recipient is about to be submitted.</summary>
    Announced = (byte)'N',

    /// <summary>250; the detail is the engine's id.</summary>
    Acknowledged = (byte)'A',

    /// <summary>Refused for good at submission.</summary>
    Rejected = (byte)'R',

    /// <summary>The connection broke without an answer.</summary>
    Unknown = (byte)'U',

    /// <summary>A receiver put a recipient off.</summary>
    Deferred = (byte)'D',

    /// <summary>A receiver refused a recipient for good.</summary>
    Bounced = (byte)'B',

    /// <summary>A receiver took the message for a recipient; the detail is the engine's id.</summary>
    Taken = (byte)'T',

    /// <summary>The receiver's 250 was handed to its socket; the detail is the engine's id.</summary>
    Confirmed = (byte)'C',

    /// <summary>All signatures held.</summary>
    Passed = (byte)'P',

    /// <summary>A signature is missing or did not hold.</summary>
    Failed = (byte)'F',
}
