using Engine.Mail;
using Engine.Wire;

namespace Engine.Delivery.Sts;

/// <summary>Fetches policies over HTTPS. RFC 8461 §3.3. No cache of HTTP's, no redirect.</summary>
/// <param name="https">The strict client.</param>
internal sealed class StsFetch(StrictHttps https) : IStsFetch
{
    /// <summary>For all of one fetch. RFC 8461 §3.3 proposes a minute; a page of some hundred octets that takes longer than this is not there, and holds a place of others; connecting to one address has a quarter of it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async ValueTask<StsFetched> FetchAsync(DomainName domain, CancellationToken stop)
    {
        if (!DomainName.TryParse($"mta-sts.{domain}", out var host) || !Uri.TryCreate($"https://{host}/.well-known/mta-sts.txt", UriKind.Absolute, out var uri) || uri.Host != host.Name)
        {
            return StsFetched.Failed(TlsFailure.StsPolicyFetch, "its policy host has no name");
        }

        var answer = await https.GetAsync(uri, StsPolicyReader.MaxOctets, Limit, stop).ConfigureAwait(false);
        return answer.Fault is HttpsFault.None ? Read(answer) : StsFetched.Failed(FailureOf(answer.Fault), answer.Reason);
    }

    // Only 200 counts; the type keeps those out who may put files on a host that is not theirs. RFC 8461 §3.2, §3.3.
    private static StsFetched Read(HttpsAnswer answer)
    {
        if (answer.Status != 200)
        {
            return StsFetched.Failed(TlsFailure.StsPolicyFetch, $"status {answer.Status}");
        }

        if (!answer.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
        {
            return StsFetched.Failed(TlsFailure.StsPolicyInvalid, "its media type is not text/plain");
        }

        return StsPolicyReader.Read(answer.Body.Span, out var fault) is { } policy
            ? new StsFetched(policy, TlsFailure.None, string.Empty)
            : StsFetched.Failed(TlsFailure.StsPolicyInvalid, fault!);
    }

    private static TlsFailure FailureOf(HttpsFault fault) => fault switch
    {
        HttpsFault.Certificate => TlsFailure.StsWebPkiInvalid,
        HttpsFault.TooLong => TlsFailure.StsPolicyInvalid,
        _ => TlsFailure.StsPolicyFetch,
    };
}
