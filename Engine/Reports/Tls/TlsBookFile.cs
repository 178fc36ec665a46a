using System.Net;
using System.Text.Json;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Writes the book as JSON and reads it back. One caller at a time.</summary>
internal sealed class TlsBookFile(TlsReportBook book)
{
    private byte[] _last = [];
    private long _version = -1;

    public void Save(Stream stream)
    {
        if (book.Version is var version && version != _version)
        {
            (_last, _version) = (JsonSerializer.SerializeToUtf8Bytes(book.Days.Select(SavedOf)), version);
        }

        stream.Write(_last);
    }

    /// <exception cref="JsonException">It is damaged.</exception>
    public void Load(Stream stream)
    {
        foreach (var saved in JsonSerializer.Deserialize<SavedDay[]>(stream) ?? [])
        {
            var day = book.Open(saved.Date);
            foreach (var (name, policies) in saved.Domains)
            {
                if (DomainName.TryParse(name, out var domain))
                {
                    day.Restore(domain, policies.Select(CountsOf));
                }
            }
        }
    }

    private static SavedDay SavedOf(TlsDay day) => new(
        day.Date,
        day.Domains.ToDictionary(domain => domain.Name, domain => day.CountsOf(domain).Select(SavedOf).ToArray(), StringComparer.Ordinal));

    private static SavedPolicy SavedOf(TlsPolicyCounts policy) => new(policy.Kind, policy.Lines, policy.Hosts, policy.Succeeded, [.. policy.Failures.Select(SavedOf)]);

    private static SavedFailure SavedOf(TlsFailureCount failure) => new(
        failure.Detail.Failure, failure.Detail.Sending?.ToString(), failure.Detail.Receiving?.ToString(), failure.Detail.Mx, failure.Detail.Reason, failure.Helo, failure.Sessions);

    private static TlsPolicyCounts CountsOf(SavedPolicy saved) => new(saved.Kind, saved.Lines, saved.Hosts, saved.Succeeded, [.. saved.Failures.Select(CountsOf)]);

    private static TlsFailureCount CountsOf(SavedFailure saved) => new(
        new TlsFailureDetail(saved.Failure, AddressOf(saved.Sending), AddressOf(saved.Receiving), saved.Mx, saved.Reason), saved.Helo, saved.Sessions);

    private static IPAddress? AddressOf(string? text) => IPAddress.TryParse(text, out var address) ? address : null;

    private sealed record SavedDay(DateOnly Date, Dictionary<string, SavedPolicy[]> Domains);

    private sealed record SavedPolicy(TlsPolicyKind Kind, IReadOnlyList<string> Lines, IReadOnlyList<string> Hosts, long Succeeded, SavedFailure[] Failures);

    private sealed record SavedFailure(TlsFailure Failure, string? Sending, string? Receiving, string? Mx, string? Reason, string? Helo, long Sessions);
}
