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

    /// <summary>
    /// Where its mail goes while none of its sources may send: <c>wait</c> for one of them, <c>pool:NAME</c> of the same class, or <c>relay:NAME</c>.
    /// Default <c>wait</c>: another address is a decision, not an accident.
    /// </summary>
    [Form(TextForm.Fallback)]
    public string OnEmpty { get; init; } = "wait";

    /// <summary>Only these accounts may use it; empty means all.</summary>
    public IReadOnlyList<string> ExclusiveTo { get; init; } = [];
}
