using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One item of <c>relays.NAME.when</c>: all of it must hold. It is held against recipients that failed once at least.</summary>
internal sealed record RelayConditionOptions
{
    /// <summary>Time since acceptance at least. From 0s to 14d; default 0s.</summary>
    [Between("0s", "14d")]
    public TimeSpan Age { get; init; }

    /// <summary>Categories of the last failure; empty (the default) means any.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];
}
