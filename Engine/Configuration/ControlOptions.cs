using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>How fast rates, connections and addresses react to replies. Key <c>delivery.control</c>. The defaults are what the scenario tests hold; few need others.</summary>
internal sealed record ControlOptions
{
    /// <summary>Share of the rate kept when a receiver limits it and the rule names no factor. From 0.1 to 0.95; default 0.7, the multiplicative half of additive increase.</summary>
    [Between(0.1, 0.95)]
    public double KeepRate { get; init; } = 0.7;

    /// <summary>Share of the connections kept when a receiver limits them and the rule names no factor. From 0.1 to 0.95; default 0.5, floor 1.</summary>
    [Between(0.1, 0.95)]
    public double KeepConnections { get; init; } = 0.5;

    /// <summary>Lowest rate control goes down to, so that there is always a reply to learn from. Default <c>"1/m"</c>.</summary>
    public Rate RateFloor { get; init; } = new(1, TimeSpan.FromMinutes(1), 1);

    /// <summary>How near control goes to the rate last refused and stays. From 0.5 to 0.99; default 0.93.</summary>
    [Between(0.5, 0.99)]
    public double HoldAt { get; init; } = 0.93;

    /// <summary>Time from a cut back to just under the refused level, when the rule names none. From 10s to 6h; default 5m.</summary>
    [Between("10s", "6h")]
    public TimeSpan Ramp { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the level just under the refused one is kept before more is tried; doubled after each try that is refused. From 30s to 1d; default 10m.</summary>
    [Between("30s", "1d")]
    public TimeSpan Hold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest <see cref="Hold"/>. From 30s to 7d; default 2h.</summary>
    [Between("30s", "7d")]
    public TimeSpan HoldLimit { get; init; } = TimeSpan.FromHours(2);

    /// <summary>A period of good replies after which one more connection is tried. From 1s to 1h; default 1m.</summary>
    [Between("1s", "1h")]
    public TimeSpan SuccessPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time between two cuts: replies to what was under way say nothing new. From 1s to 5m; default 5s.</summary>
    [Between("1s", "5m")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Share of refusals within a minute that is taken without a cut: a stray one among many says little. From 0 to 0.2; default 0.01.</summary>
    [Between(0, 0.2)]
    public double Tolerated { get; init; } = 0.01;

    /// <summary>Samples within a minute below which nobody is judged. From 1 to 1 000; default 10.</summary>
    [Between(1, 1_000)]
    public int MinimumSamples { get; init; } = 10;

    /// <summary>Pause after a rate reply whose rule names none; then one connection, one more for each success period. From 1m to 4h; default 10m, Google's published figure.</summary>
    [Between("1m", "4h")]
    public TimeSpan RatePause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest pause after rate replies, doubled when they come again. From 1m to 1d; default 4h.</summary>
    [Between("1m", "1d")]
    public TimeSpan RatePauseLimit { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Pause of a source that a receiver blocks, when the rule names none. From 1m to 1d; default 1h.</summary>
    [Between("1m", "1d")]
    public TimeSpan BlockPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Longest pause after blocks, doubled when they come again. From 1m to 7d; default 24h.</summary>
    [Between("1m", "7d")]
    public TimeSpan BlockPauseLimit { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Share of connections and rate with which mail goes on after a pause. From 0.05 to 1; default 0.25.</summary>
    [Between(0.05, 1)]
    public double ResumeAt { get; init; } = 0.25;

    /// <summary>First pause of a receiver that is down; doubled while it stays so. From 5s to 1h; default 30s.</summary>
    [Between("5s", "1h")]
    public TimeSpan OutagePause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause of a receiver that is down. From 5s to 4h; default 5m: found back within that.</summary>
    [Between("5s", "4h")]
    public TimeSpan OutagePauseLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Sources at one receiver from which on the many judge the few. From 2 to 100; default 3: of two nobody can say which is wrong.</summary>
    [Between(2, 100)]
    public int ActiveSources { get; init; } = 3;

    /// <summary>Share of a pool's sources that health leaves open at a receiver. From 0 to 1; default 0.5.</summary>
    [Between(0, 1)]
    public double KeepAtLeast { get; init; } = 0.5;

    /// <summary>Share of failures beyond that of the other sources from which on a source gets less. From 0.01 to 1; default 0.1.</summary>
    [Between(0.01, 1)]
    public double DegradeAt { get; init; } = 0.1;

    /// <summary>Share of failures beyond that of the other sources at which a source is stopped. From 0.02 to 1; default 0.5.</summary>
    [Between(0.02, 1)]
    public double StopAt { get; init; } = 0.5;

    /// <summary>First stop of a source; doubled when a probe fails. From 5s to 1d; default 1m.</summary>
    [Between("5s", "1d")]
    public TimeSpan Stop { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest stop of a source. From 5s to 7d; default 1h.</summary>
    [Between("5s", "7d")]
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Good replies that end probing. From 1 to 1 000; default 5.</summary>
    [Between(1, 1_000)]
    public int Probes { get; init; } = 5;

    /// <summary>Least time at each step of the return: a tenth, a quarter, half of the weight. From 1s to 1d; default 1m.</summary>
    [Between("1s", "1d")]
    public TimeSpan ReturnStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Share of a campaign's replies within an hour that call it spam at which the campaign pauses there. From 0.001 to 1; default 0.05.</summary>
    [Between(0.001, 1)]
    public double SpamShare { get; init; } = 0.05;

    /// <summary>Replies that call it spam below which no campaign is judged. From 1 to 100 000; default 20.</summary>
    [Between(1, 100_000)]
    public int SpamMinimum { get; init; } = 20;

    /// <summary>Pause of a campaign called spam; doubled when it comes again, up to a day. From 1m to 1d; default 1h.</summary>
    [Between("1m", "1d")]
    public TimeSpan SpamPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long what was learned is remembered without traffic. From 1d to 90d; default 14d.</summary>
    [Between("1d", "90d")]
    public TimeSpan Forget { get; init; } = TimeSpan.FromDays(14);
}
