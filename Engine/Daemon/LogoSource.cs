using Engine.Preflight.Bimi;
using Engine.Wire;

namespace Engine.Daemon;

/// <summary>Fetches logos for checks, strictly: by the rules of mail for addresses, without redirects.</summary>
internal static class LogoSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <param name="https">Over which.</param>
    public static FetchLogo Over(StrictHttps https) =>
        async (uri, maxOctets, stop) =>
        {
            var answer = await https.GetAsync(uri, maxOctets, Limit, stop).ConfigureAwait(false);
            return answer.IsGood ? (answer.Body, null) : (ReadOnlyMemory<byte>.Empty, answer.Reason);
        };
}
