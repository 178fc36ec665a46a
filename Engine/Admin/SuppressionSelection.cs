namespace Engine.Admin;

/// <summary>Which entries of the suppression list: body of <c>POST /v1/suppressions/ls</c> and <c>/v1/suppressions/export</c>. What is left out is any.</summary>
/// <param name="Scope"><c>global</c>, <c>account</c> or <c>stream</c>.</param>
/// <param name="Account">A name, or <c>#NUMBER</c>.</param>
/// <param name="Stream">The same, beside the account.</param>
/// <param name="Reason">As in <c>suppress check</c>; warnings come only when asked for.</param>
/// <param name="Expired">Those that hold no more, too.</param>
/// <param name="Limit">For <c>ls</c>: at most so many; default 100.</param>
internal sealed record SuppressionSelection(string? Scope, string? Account, string? Stream, string? Reason, bool Expired = false, int? Limit = null);
