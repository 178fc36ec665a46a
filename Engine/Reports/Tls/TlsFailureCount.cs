namespace Engine.Reports.Tls;

/// <summary>One entry of <c>failure-details</c>.</summary>
/// <param name="Detail">What they have in common.</param>
/// <param name="Helo"><c>receiving-mx-helo</c>, as the first of them heard it; null when none was heard.</param>
/// <param name="Sessions">At least one.</param>
internal readonly record struct TlsFailureCount(TlsFailureDetail Detail, string? Helo, long Sessions);
