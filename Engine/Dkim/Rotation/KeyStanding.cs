namespace Engine.Dkim.Rotation;

/// <summary>Where a key stands in its life. It only moves forward.</summary>
internal enum KeyStanding : byte
{
    /// <summary>Made, and signs nothing yet: its record is to be published and seen first. A spare key stays so until it is needed.</summary>
    Next,

    Signing,

    /// <summary>Signs nothing more; mail it signed is still on its way, so its record must stay.</summary>
    Retiring,

    /// <summary>Its record may go.</summary>
    Retired,

    /// <summary>Compromised: signs nothing more, and mail that it signed is signed anew before it leaves.</summary>
    Revoked,
}
