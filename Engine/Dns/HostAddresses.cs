namespace Engine.Dns;

/// <summary>Makes one answer of A and AAAA.</summary>
internal static class HostAddresses
{
    /// <param name="four">To the A question.</param>
    /// <param name="six">To the AAAA question.</param>
    /// <param name="now">Wall clock.</param>
    public static AddressAnswer Merge(DnsAnswer four, DnsAnswer six, DateTimeOffset now)
    {
        var addresses = four.Records.Concat(six.Records).OfType<DnsRecord.Address>().Select(record => record.Value).Distinct().ToArray();
        var status = (addresses.Length, four.Status, six.Status) switch
        {
            ( > 0, _, _) => LookupStatus.Found,
            (_, LookupStatus.Failed, _) or (_, _, LookupStatus.Failed) => LookupStatus.Failed,
            (_, LookupStatus.NoSuchDomain, LookupStatus.NoSuchDomain) => LookupStatus.NoSuchDomain,
            _ => LookupStatus.NoData,
        };
        return new AddressAnswer(status, addresses, IsAuthentic(four, six), Expiry(status, four, six, now))
        {
            Alias = four.Records.Count > 0 ? four.Alias : six.Alias,
        };
    }

    // What failed said nothing, so it cannot make the other's answer less true.
    private static bool IsAuthentic(DnsAnswer four, DnsAnswer six) => (four.Status, six.Status) switch
    {
        (LookupStatus.Failed, _) => six.IsAuthentic,
        (_, LookupStatus.Failed) => four.IsAuthentic,
        _ => four.IsAuthentic && six.IsAuthentic,
    };

    private static DateTimeOffset Expiry(LookupStatus status, DnsAnswer four, DnsAnswer six, DateTimeOffset now)
    {
        return status is LookupStatus.Found ? Earlier(Of(four), Of(six)) : Earlier(four.Expires, six.Expires);

        DateTimeOffset Of(DnsAnswer answer) => answer.Status is LookupStatus.Failed ? now + Lifetimes.HalfFailure : answer.Expires;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
