namespace Engine.Reputation.Control.Health;

/// <summary>One source at one receiver. One thread.</summary>
internal sealed class Place(string source, Operator @operator)
{
    public string Source { get; } = source;

    public Operator Operator { get; } = @operator;

    public Channel Channel { get; } = new(new ControlKey(Configuration.Providers.FlowScope.SourceAtProvider, @operator.Name, source));

    public SourceHealth Health { get; } = new();

    /// <summary>When it last took mail from the source.</summary>
    public DateTimeOffset TookAt { get; set; }

    public bool IsAtRest => Channel.Pace.IsAtRest && Health.State is SourceState.Healthy;

    /// <summary>What it may do: while it is probed, over one connection.</summary>
    public Allowance Allowance => Health.State is SourceState.Probing ? Channel.Pace.Allowance with { Connections = 1 } : Channel.Pace.Allowance;
}
