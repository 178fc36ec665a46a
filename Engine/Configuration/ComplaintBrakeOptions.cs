using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Complaints ÷ delivered of one sender. Key <c>brakes.complaint</c>.</summary>
internal sealed record ComplaintBrakeOptions
{
    /// <summary>Share at which an alert is raised. From 0.0001 to 1; default 0.001: what Google and Yahoo ask senders to stay below.</summary>
    [Between(0.0001, 1)]
    public double Warn { get; init; } = 0.001;

    /// <summary>Share at which it is paused. From 0.0001 to 1; default 0.003: from it on Google and Yahoo put mail aside.</summary>
    [Between(0.0001, 1)]
    public double Pause { get; init; } = 0.003;

    /// <summary>How far back is looked, in 24 steps. From 1h to 14d; default 24h.</summary>
    [Between("1h", "14d")]
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Complaints, not deliveries, below which nobody is judged. From 1 to 100 000; default 10: one angry reader must not stop a small sender.</summary>
    [Between(1, 100_000)]
    public int Minimum { get; init; } = 10;
}
