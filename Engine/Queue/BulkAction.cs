namespace Engine.Queue;

/// <summary>What can be done to many recipients at once. Numbers stand in the log.</summary>
internal enum BulkAction : byte
{
    /// <summary>Taken out without notice.</summary>
    Cancel = 1,

    Hold = 2,

    Release = 3,

    /// <summary>Due now; no attempt is counted.</summary>
    Retry = 4,

    /// <summary>Ended as bounced.</summary>
    Fail = 5,

    /// <summary>Given up: it ends as expired as soon as delivery meets it.</summary>
    Expire = 6,

    /// <summary>Leaves by another pool from now on; the whole message does.</summary>
    Reroute = 7,
}
