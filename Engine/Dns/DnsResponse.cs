namespace Engine.Dns;

/// <summary>A reply as a responder sends it. The engine only reads replies; the demo's and the tests' name servers write them.</summary>
/// <param name="Query">What it answers; the question is echoed.</param>
/// <param name="Code">Only the four bits of the header are written.</param>
internal sealed record DnsResponse(DnsQuery Query, ResponseCode Code)
{
    public IReadOnlyList<ResourceRecord> Answers { get; init; } = [];

    /// <summary>For a "no" that may be kept: the SOA of the zone. RFC 2308.</summary>
    public IReadOnlyList<ResourceRecord> Authorities { get; init; } = [];

    public IReadOnlyList<ResourceRecord> Additionals { get; init; } = [];

    public bool IsAuthentic { get; init; }

    public bool IsTruncated { get; init; }

    /// <summary>Writes it; what is longer than the target goes without records and with the TC bit, so that the asker comes by TCP.</summary>
    /// <param name="target">For UDP not longer than the query's <see cref="DnsQuery.UdpSize"/>, 512 without EDNS; at least 300 octets.</param>
    /// <returns>Octets written.</returns>
    public int Write(Span<byte> target)
    {
        var writer = new DnsWriter(target);
        writer.Question(Query.Name, Query.Type);
        foreach (var record in Answers.Concat(Authorities).Concat(Additionals))
        {
            writer.Record(record);
        }

        return Finish(ref writer, IsTruncated, (ushort)Answers.Count, (ushort)Authorities.Count, (ushort)Additionals.Count) is var length and > 0
            ? length
            : WriteTruncated(target);
    }

    private int WriteTruncated(Span<byte> target)
    {
        var writer = new DnsWriter(target);
        writer.Question(Query.Name, Query.Type);
        return Finish(ref writer, isTruncated: true, 0, 0, 0) is var length and > 0
            ? length
            : throw new ArgumentException("Too small even for the question, or the question is none.", nameof(target));
    }

    private int Finish(ref DnsWriter writer, bool isTruncated, ushort answers, ushort authorities, ushort additionals)
    {
        if (Query.HasEdns)
        {
            writer.Edns(DnsQuery.UsualUdpSize, Query.WantsSignatures);
            additionals++;
        }

        var flags = DnsHeader.Response | DnsHeader.RecursionDesired | DnsHeader.RecursionAvailable | ((int)Code & 0xF)
            | (IsAuthentic ? DnsHeader.Authentic : 0) | (isTruncated ? DnsHeader.Truncated : 0);
        writer.Header(new DnsHeader(Query.Id, (ushort)flags, 1, answers, authorities, additionals));
        return writer.HasOverflowed ? 0 : writer.Length;
    }
}
