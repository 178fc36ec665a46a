namespace Engine.Configuration;

/// <summary>How much a domain check decides.</summary>
internal enum VerifyLevel : byte
{
    /// <summary>Nothing is asked.</summary>
    Off,

    /// <summary>Alerts only.</summary>
    Advise,

    /// <summary>After the grace, submission answers 451 and queued mail is held.</summary>
    Required,
}
