using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>The durable queue. Key <c>queue</c>.</summary>
internal sealed record QueueOptions
{
    /// <summary>Whether 250 means on stable storage. <c>memory</c> is for benchmarks and warns at start. A change needs a restart.</summary>
    [NeedsRestart]
    public Durability Durability { get; init; } = Durability.Disk;

    /// <summary>Memory of the log, out of which fresh mail is sent. From 16MiB to 64GiB; default 256MiB. A change needs a restart.</summary>
    [Between("16MiB", "64GiB")]
    [NeedsRestart]
    public ByteSize Memory { get; init; } = ByteSize.MiB(256);

    /// <summary>Largest message taken, offered as SIZE (RFC 1870). From 64KiB to 1GiB; default 50MiB, the largest that big receivers take.</summary>
    [Between("64KiB", "1GiB")]
    public ByteSize MaxMessageSize { get; init; } = ByteSize.MiB(50);

    /// <summary>Recipients in one transaction. From 100 (RFC 5321 §4.5.3.1.8) to 50 000; default 1000.</summary>
    [Between(100, 50_000)]
    public int MaxRecipients { get; init; } = 1_000;

    /// <summary>Received headers before a message counts as looping. From 10 to 200; default 30 (RFC 5321 §6.3 asks for 100 at most).</summary>
    [Between(10, 200)]
    public int MaxReceived { get; init; } = 30;

    /// <summary>How far ahead X-Engine-Send-At may lie. From 1h to 365d; default 30d.</summary>
    [Between("1h", "365d")]
    public TimeSpan MaxSchedule { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Free disk below which submissions get 452 4.3.1 while delivery goes on. From 64MiB to 1TiB; default 1GiB.</summary>
    [Between("64MiB", "1TiB")]
    public ByteSize MinFreeDisk { get; init; } = ByteSize.GiB(1);
}
