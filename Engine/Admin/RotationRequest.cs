namespace Engine.Admin;

/// <summary>Body of <c>POST /v1/dkim/rotate</c>.</summary>
/// <param name="Domain">Whose keys.</param>
/// <param name="Emergency">Revoke at once.</param>
/// <param name="Revoke">Selector to revoke; null for all that sign.</param>
/// <param name="Type">Kind of the new key, as <c>dkim generate --type</c>; null for one like the old.</param>
/// <param name="Selector">Name of the new key; null for one by the date.</param>
/// <param name="Switch">Let the waiting key sign now, whatever DNS shows.</param>
/// <param name="DryRun">Say what would be, change nothing.</param>
/// <param name="Reason">Why; recorded.</param>
internal sealed record RotationRequest(string? Domain, bool Emergency, string? Revoke, string? Type, string? Selector, bool Switch, bool DryRun, string? Reason);
