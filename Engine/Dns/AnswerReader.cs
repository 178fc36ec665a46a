using System.Buffers.Binary;

namespace Engine.Dns;

/// <summary>Judges what came back for a query. Nothing on the wire makes it throw; it allocates only the answer. Thread-safe.</summary>
/// <param name="trustAd">Whether the AD bit counts.</param>
/// <param name="clock">Gives the answers their end.</param>
internal sealed class AnswerReader(bool trustAd, TimeProvider clock)
{
    /// <summary>Aliases followed in one reply. A bound against loops; the standard sets none.</summary>
    public const int MaxAliases = 16;

    /// <param name="reply">The message that came, borrowed.</param>
    /// <param name="query">The message that was sent: its id and question must come back octet by octet.</param>
    public Reading Read(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> query)
    {
        var behind = DnsHeader.Length;
        if (!DnsHeader.TryRead(reply, out var header)
            || !header.IsResponse
            || !header.IsQuery
            || header.Id != BinaryPrimitives.ReadUInt16BigEndian(query)
            || !WireName.TrySkip(query, ref behind))
        {
            return new Reading(TryOutcome.Stray);
        }

        // A server that could not read the question cannot echo it. RFC 1035 §7.3.
        if (header.Questions == 0 && header.Code is ResponseCode.FormatError or ResponseCode.NotImplemented)
        {
            return new Reading(TryOutcome.NoEdns);
        }

        var question = query[DnsHeader.Length..(behind + 4)];
        if (header.Questions != 1 || !reply[DnsHeader.Length..].StartsWith(question))
        {
            return new Reading(TryOutcome.Stray);
        }

        return header.IsTruncated ? new Reading(TryOutcome.Truncated) : Judge(reply, header, question);
    }

    private static TryOutcome OutcomeOf(ResponseCode code) => code switch
    {
        ResponseCode.NoError or ResponseCode.NoSuchName => TryOutcome.Answered,
        ResponseCode.FormatError or ResponseCode.NotImplemented or ResponseCode.BadVersion => TryOutcome.NoEdns,
        ResponseCode.Refused => TryOutcome.Refused,
        _ => TryOutcome.ServerFailed,
    };

    private Reading Judge(ReadOnlySpan<byte> reply, DnsHeader header, ReadOnlySpan<byte> question)
    {
        var isWhole = ReplyMap.TryRead(reply, header, question.Length, out var map);
        var outcome = OutcomeOf(isWhole ? map.Code : header.Code);
        if (outcome is not TryOutcome.Answered)
        {
            return new Reading(outcome);
        }

        return isWhole ? Follow(reply, map, (RecordType)BinaryPrimitives.ReadUInt16BigEndian(question[^4..]), header.IsAuthentic && trustAd)
            : new Reading(TryOutcome.Malformed);
    }

    // From the question's name along its aliases to the records. RFC 1034 §4.3.2.
    private Reading Follow(ReadOnlySpan<byte> reply, ReplyMap map, RecordType type, bool isAuthentic)
    {
        Span<byte> owner = stackalloc byte[WireName.MaxLength];
        if (!WireName.TryExpand(reply, DnsHeader.Length, owner, out var length, out _))
        {
            return new Reading(TryOutcome.Malformed);
        }

        var ttl = uint.MaxValue;
        for (var hops = 0; hops <= MaxAliases; hops++)
        {
            var found = Count(reply, map, owner[..length], type, ref ttl);
            if (found > 0 && map.Code is ResponseCode.NoError)
            {
                return Collect(reply, map, owner[..length], type, found, ttl, isAuthentic, hops > 0);
            }

            if (!TryFindAlias(reply, map, owner[..length], out var alias))
            {
                return Negative(reply, map, owner[..length], hops > 0, ttl, isAuthentic);
            }

            ttl = Math.Min(ttl, alias.Ttl);
            if (!WireName.TryExpand(reply, alias.Start, owner, out length, out var end) || end != alias.Start + alias.Length)
            {
                return new Reading(TryOutcome.Malformed);
            }
        }

        return new Reading(TryOutcome.ServerFailed);
    }

    private static int Count(ReadOnlySpan<byte> reply, ReplyMap map, ReadOnlySpan<byte> owner, RecordType type, ref uint ttl)
    {
        var count = 0;
        var reader = new DnsReader(reply, map.AnswersAt);
        for (var left = map.Answers; left > 0 && reader.TryRead(out var record); left--)
        {
            if (IsAt(reply, record, owner, type))
            {
                count++;
                ttl = Math.Min(ttl, record.Ttl);
            }
        }

        return count;
    }

    private static bool TryFindAlias(ReadOnlySpan<byte> reply, ReplyMap map, ReadOnlySpan<byte> owner, out RecordView alias)
    {
        var reader = new DnsReader(reply, map.AnswersAt);
        for (var left = map.Answers; left > 0 && reader.TryRead(out alias); left--)
        {
            if (IsAt(reply, alias, owner, RecordType.Cname))
            {
                return true;
            }
        }

        alias = default;
        return false;
    }

    private static bool IsAt(ReadOnlySpan<byte> reply, RecordView record, ReadOnlySpan<byte> owner, RecordType type) =>
        record.Type == type && record.IsInternet && WireName.IsSame(reply, record.Owner, owner);

    private Reading Collect(ReadOnlySpan<byte> reply, ReplyMap map, ReadOnlySpan<byte> owner, RecordType type, int count, uint ttl, bool isAuthentic, bool isAliased)
    {
        var records = new DnsRecord[count];
        var reader = new DnsReader(reply, map.AnswersAt);
        for (var at = 0; at < count && reader.TryRead(out var view);)
        {
            if (!IsAt(reply, view, owner, type))
            {
                continue;
            }

            if (!RecordReader.TryRead(reply, view, out records[at++]))
            {
                return new Reading(TryOutcome.Malformed);
            }
        }

        var expires = clock.GetUtcNow() + Lifetimes.OfFound(ttl);
        return new Reading(TryOutcome.Answered, new DnsAnswer(LookupStatus.Found, records, isAuthentic, expires) { Alias = AliasOf(owner, isAliased) });
    }

    private Reading Negative(ReadOnlySpan<byte> reply, ReplyMap map, ReadOnlySpan<byte> owner, bool isAliased, uint ttl, bool isAuthentic)
    {
        var hasStart = TryFindNegativeTtl(reply, map, out var negative);
        var status = map.Code is ResponseCode.NoSuchName ? LookupStatus.NoSuchDomain : LookupStatus.NoData;
        var onward = isAliased && !hasStart && status is LookupStatus.NoData ? WireName.TextOf(owner) : null;
        var life = onward is not null ? Lifetimes.OfFound(ttl) : hasStart ? Lifetimes.OfNegative(Math.Min(ttl, negative)) : Lifetimes.Failure;
        var answer = new DnsAnswer(status, [], isAuthentic, clock.GetUtcNow() + life) { NegativeTtl = hasStart ? TimeSpan.FromSeconds(negative) : null, Alias = AliasOf(owner, isAliased) };
        return new Reading(TryOutcome.Answered, answer, onward);
    }

    private static string? AliasOf(ReadOnlySpan<byte> owner, bool isAliased) => isAliased ? WireName.TextOf(owner).ToLowerInvariant() : null;

    private static bool TryFindNegativeTtl(ReadOnlySpan<byte> reply, ReplyMap map, out uint seconds)
    {
        seconds = 0;
        var reader = new DnsReader(reply, map.AuthoritiesAt);
        for (var left = map.Authorities; left > 0 && reader.TryRead(out var record); left--)
        {
            if (record.Type is RecordType.Soa && record.IsInternet)
            {
                return RecordReader.TryReadNegativeTtl(reply, record, out seconds);
            }
        }

        return false;
    }
}
