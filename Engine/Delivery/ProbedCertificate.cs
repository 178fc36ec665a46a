namespace Engine.Delivery;

/// <summary>A server's own certificate.</summary>
/// <param name="Names">At most 20; the common name in brackets where there are no others.</param>
/// <param name="Issuer">Distinguished name.</param>
/// <param name="From">Good from.</param>
/// <param name="Until">Good until.</param>
/// <param name="Pkix">Empty when the host's name and a root hold; else what does not.</param>
internal sealed record ProbedCertificate(IReadOnlyList<string> Names, string Issuer, DateTimeOffset From, DateTimeOffset Until, string Pkix);
