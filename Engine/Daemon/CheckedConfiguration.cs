using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>A configuration as checked.</summary>
/// <param name="Snapshot">Null when core findings refuse it.</param>
/// <param name="Keys">Its signing keys; null with it.</param>
/// <param name="Findings">All of them.</param>
internal sealed record CheckedConfiguration(Snapshot? Snapshot, KeyRing? Keys, Findings Findings)
{
    /// <summary>How keys stood when the ring was made: a next one does not sign, nor does a revoked one ever again.</summary>
    public RotationBook Book { get; init; } = RotationBook.Blank;

    /// <summary>Whose certificates are good: read here, so that a reload cannot fail halfway for want of the file.</summary>
    public TrustedRoots Roots { get; init; } = TrustedRoots.OfSystem();
}
