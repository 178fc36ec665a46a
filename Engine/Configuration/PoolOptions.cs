using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>Sources that share mail. Key <c>pools.NAME</c>. Classes never share a source.</summary>
internal sealed record PoolOptions
{
    public StreamClass Class { get; init; } = StreamClass.Marketing;

    /// <summary>Source to weight, from 1 to 1000.</summary>
    [Required]
    [Between(1, 1_000)]
    public IReadOnlyDictionary<string, int> Sources { get; init; } = new Dictionary<string, int>();

    /// <summary>Only these accounts may use it; empty means all.</summary>
    public IReadOnlyList<string> ExclusiveTo { get; init; } = [];

    /// <summary>
    /// Where mail goes while no source of the pool takes any: <c>wait</c>, <c>pool:NAME</c> (of the same class, open to the same accounts, no circles)
    /// or <c>relay:NAME</c>. Default <c>wait</c>: mail never leaves from an address nobody chose.
    /// </summary>
    public string OnEmpty { get; init; } = "wait";
}
