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

    /// <summary>For everything; default 55 s, so that the whole stays under a minute.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(55);
}
