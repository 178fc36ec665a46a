namespace Engine.Admin;

/// <summary>Body of <c>POST /v1/suppressions</c> and <c>/v1/suppressions/rm</c>.</summary>
/// <param name="Address">Who.</param>
/// <param name="Scope"><c>global</c>, <c>account</c> or <c>stream</c>; default what is named below it, else global.</param>
/// <param name="Account">Of the account and stream scopes.</param>
/// <param name="Stream">Of the stream scope; empty for the unnamed one.</param>
/// <param name="Class"><c>transactional</c> or <c>marketing</c>: only mail of it; null for any.</param>
/// <param name="Expires">How long, such as <c>30d</c>; null for ever.</param>
/// <param name="Reason">Why, in words; recorded.</param>
internal sealed record SuppressionRequest(string? Address, string? Scope, string? Account, string? Stream, string? Class, string? Expires, string? Reason);
