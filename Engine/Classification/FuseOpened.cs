namespace Engine.Classification;

/// <summary>Suppression stopped: for an alert, once for each opening.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Name">The operator's or the account's.</param>
/// <param name="Share">Of the RCPT replies of the window that would have suppressed.</param>
internal sealed record FuseOpened(FuseKind Kind, string Name, double Share);
