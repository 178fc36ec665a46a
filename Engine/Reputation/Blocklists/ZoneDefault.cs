namespace Engine.Reputation.Blocklists;

/// <summary>Whether a zone is asked when the configuration says nothing.</summary>
internal enum ZoneDefault : byte
{
    Yes,
    No,

    /// <summary>Only where its key is given.</summary>
    IfKey,
}
