using System.Net;

namespace Engine.Demo;

/// <summary>How a generator works.</summary>
internal sealed record GeneratorSettings
{
    public required IPEndPoint Server { get; init; }

    /// <summary>Null submits without a login.</summary>
    public SubmitLogin? Login { get; init; }

    /// <summary>Letters in all.</summary>
    public int Count { get; init; } = 10_000;

    /// <summary>Number of the first letter.</summary>
    public long First { get; init; } = 1;

    /// <summary>Connections at once.</summary>
    public int Sessions { get; init; } = 20;

    /// <summary>Whether letters without an answer are submitted again under the same number, as real clients do. They may then arrive twice.</summary>
    public bool Resubmits { get; init; }

    /// <summary>Wait before a broken connection is opened again, or a 4xx is tried again.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often one letter that gets 4xx is tried before it counts as rejected.</summary>
    public int Tries { get; init; } = 100;
}
