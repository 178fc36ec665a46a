using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>The event log. Key <c>events</c>.</summary>
internal sealed record EventsOptions
{
    /// <summary>How long closed files are kept. From 1h to 3650d; default 30d.</summary>
    [Between("1h", "3650d")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Disk they may take; the oldest go first. From 64MiB to 100TiB; default 200GiB.</summary>
    [Between("64MiB", "100TiB")]
    public ByteSize MaxDisk { get; init; } = ByteSize.GiB(200);
}
