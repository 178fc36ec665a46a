namespace Engine.Demo;

/// <summary>What <c>engine demo</c> can be told.</summary>
internal sealed record DemoSettings
{
    /// <summary>Messages. From 1 to 1 000 000; default 10 000.</summary>
    public int Count { get; init; } = 10_000;

    /// <summary>Connections of the generator. From 1 to 500; default 20.</summary>
    public int Sessions { get; init; } = 20;

    /// <summary>Print the final table as one JSON object and nothing else.</summary>
    public bool Json { get; init; }

    /// <summary>For everything; default 2 min. Two quiet cores need half a minute; a busy machine is slow, not wrong.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);
}
