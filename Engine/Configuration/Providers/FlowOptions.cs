using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>One entry of a rule's <c>flow</c>.</summary>
internal sealed record FlowOptions
{
    [Required]
    public FlowOperation Op { get; init; }

    [Required]
    public FlowScope Scope { get; init; }

    /// <summary>How long. From 1s to 14d; none for what lasts or ends by itself.</summary>
    [Between("1s", "14d")]
    public TimeSpan? For { get; init; }

    /// <summary>Factor (0–1) or amount; 0, the default, where the operation takes none.</summary>
    [Between(0, 1_000_000)]
    public double Value { get; init; }

    /// <summary>Acts after this many matches within an hour for the scope. From 0 to 10 000; default 0: at once.</summary>
    [Between(0, 10_000)]
    public int After { get; init; }

    public FlowAction Action => new(Op, Scope, For ?? TimeSpan.Zero, Value, After);
}
