namespace Engine.Demo;

/// <summary>How a submission stands, as the generator sees it.</summary>
internal enum SubmissionState : byte
{
    /// <summary>A receiver told of a message that no generator announced.</summary>
    Unheard,

    /// <summary>Being submitted.</summary>
    Announced,

    /// <summary>The connection broke without an answer: taken or not, nobody knows.</summary>
    Unknown,

    /// <summary>4xx or 5xx for good.</summary>
    Rejected,

    /// <summary>250.</summary>
    Acknowledged,
}
