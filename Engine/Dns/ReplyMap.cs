namespace Engine.Dns;

/// <summary>Where the sections of a reply stand. Every record has been stepped over once, so that each is known to be whole.</summary>
/// <param name="Code">With the upper bits of OPT.</param>
/// <param name="Question">Octets of the question section.</param>
/// <param name="AnswersAt">First answer.</param>
/// <param name="Answers">Count.</param>
/// <param name="AuthoritiesAt">First authority record.</param>
/// <param name="Authorities">Count.</param>
internal readonly record struct ReplyMap(ResponseCode Code, int Question, int AnswersAt, int Answers, int AuthoritiesAt, int Authorities)
{
    /// <param name="reply">The whole message.</param>
    /// <param name="header">Its header.</param>
    /// <param name="question">Octets of the question section, already checked.</param>
    /// <param name="map">The result.</param>
    /// <returns>False when a record is not whole.</returns>
    public static bool TryRead(ReadOnlySpan<byte> reply, DnsHeader header, int question, out ReplyMap map)
    {
        map = default;
        var answersAt = DnsHeader.Length + question;
        var reader = new DnsReader(reply, answersAt);
        if (!TryPass(ref reader, header.Answers, out _))
        {
            return false;
        }

        var authoritiesAt = reader.Position;
        if (!TryPass(ref reader, header.Authorities, out _) || !TryPass(ref reader, header.Additionals, out var upper))
        {
            return false;
        }

        map = new ReplyMap((ResponseCode)((int)header.Code | (upper << 4)), question, answersAt, header.Answers, authoritiesAt, header.Authorities);
        return true;
    }

    private static bool TryPass(ref DnsReader reader, int count, out int upperCode)
    {
        upperCode = 0;
        for (; count > 0; count--)
        {
            if (!reader.TryRead(out var record))
            {
                return false;
            }

            if (record.Type is RecordType.Opt)
            {
                upperCode = (int)(record.Ttl >> 24);
            }
        }

        return true;
    }
}
