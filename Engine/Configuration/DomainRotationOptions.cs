using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Rotation of one domain's keys. Key <c>domains.NAME.rotation</c>.</summary>
internal sealed record DomainRotationOptions
{
    /// <summary>Whether its keys are rotated by age. Default true; what is ordered by hand is done anyway.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Age at which a signing key gets a successor. From 1d to 3650d; left out, as <c>dkim.rotation.every</c> says.</summary>
    [Between("1d", "3650d")]
    public TimeSpan? Every { get; init; }
}
