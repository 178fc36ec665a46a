namespace Engine.Admin;

/// <summary>Body of <c>POST /v1/accounts/…</c> and <c>/v1/campaigns/…</c>.</summary>
/// <param name="Account">Its name.</param>
/// <param name="Campaign">For campaigns: as the mail names it.</param>
/// <param name="For">How long; null until it is taken back.</param>
/// <param name="Reason">Why; recorded.</param>
internal sealed record SenderChange(string? Account, string? Campaign, string? For, string? Reason);
