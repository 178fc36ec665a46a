namespace Engine.Feedback.Reports;

/// <summary>What a call of an unsubscribe link comes to.</summary>
internal enum UnsubscribeAnswer : byte
{
    /// <summary>The link is good: ask the person. 200.</summary>
    Ask,

    /// <summary>Done, now or before. 200.</summary>
    Done,

    /// <summary>No link of ours. 404.</summary>
    NotFound,

    /// <summary>Ours, and too old. 410.</summary>
    Gone,

    /// <summary>The request says nothing that asks for it. 400.</summary>
    NotAsked,

    /// <summary>It could not be made lasting. 503.</summary>
    TryLater,

    /// <summary>Too many calls of one client. 429.</summary>
    TooMany,
}
