namespace Engine.Configuration;

/// <summary>The event log. Key <c>events</c>.</summary>
internal sealed record EventsOptions
{
    /// <summary>How long closed files are kept. From 1h to 3650d; default 30d.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Disk they may take; the oldest go first. From 64MiB to 100TiB; default 200GiB.</summary>
    public ByteSize MaxDisk { get; init; } = ByteSize.GiB(200);
}
