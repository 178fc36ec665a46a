using Engine.Dkim;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>What an operator orders for a domain's keys.</summary>
/// <param name="Domain">Whose.</param>
/// <param name="Reason">Why; for the audit.</param>
internal sealed record RotationOrder(DomainName Domain, string Reason)
{
    /// <summary>Revoke at once what signs; with <see cref="Revoke"/> that key alone.</summary>
    public bool IsEmergency { get; init; }

    /// <summary>Selector of the key to revoke; null for all that sign.</summary>
    public string? Revoke { get; init; }

    /// <summary>Kind of the new key; null for one like the old.</summary>
    public KeyKind? Kind { get; init; }

    /// <summary>Name of the new key; null for one by the date.</summary>
    public string? Selector { get; init; }

    /// <summary>Let the waiting key sign now, whatever DNS shows.</summary>
    public bool SwitchNow { get; init; }
}
