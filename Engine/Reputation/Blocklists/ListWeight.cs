namespace Engine.Reputation.Blocklists;

/// <summary>What a listing means for mail.</summary>
internal enum ListWeight : byte
{
    /// <summary>Large receivers refuse by it: asked often, and a listing quarantines.</summary>
    Major,

    /// <summary>Some receivers score by it: a listing alerts.</summary>
    Minor,

    /// <summary>To be known; nobody needs to do anything at once.</summary>
    Info,

    /// <summary>An allow list: standing there is good, losing the place is an event.</summary>
    White,
}
