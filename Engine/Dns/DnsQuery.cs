using System.Buffers.Binary;

namespace Engine.Dns;

/// <summary>One question on its way: written by the client, read by a responder.</summary>
/// <param name="Id">Ties the reply to it.</param>
/// <param name="Name">Text form of <see cref="WireName"/>, letters as they came.</param>
/// <param name="Type">What is asked.</param>
internal readonly record struct DnsQuery(ushort Id, string Name, RecordType Type)
{
    /// <summary>Octets that any query of ours needs at most: header, question, OPT.</summary>
    public const int MaxLength = DnsHeader.Length + WireName.MaxLength + 4 + 11;

    /// <summary>What a path carries without fragments. DNS flag day 2020.</summary>
    public const ushort UsualUdpSize = 1_232;

    /// <summary>Largest UDP reply the asker takes, in octets; 0 without EDNS, which means 512 (RFC 1035 §2.3.4).</summary>
    public ushort UdpSize { get; init; }

    public bool HasEdns => UdpSize > 0;

    /// <summary>The AD bit: the asker wants to know whether the resolver validated. RFC 6840 §5.7.</summary>
    public bool WantsAuthenticity { get; init; }

    /// <summary>The DO bit: the asker wants the signatures themselves. RFC 3225. Needs EDNS.</summary>
    public bool WantsSignatures { get; init; }

    /// <summary>Reads a query as a responder gets it.</summary>
    /// <returns>False for anything but one question of class IN with whole records behind it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsQuery query)
    {
        query = default;
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        if (!DnsHeader.TryRead(message, out var header) || header.IsResponse || !header.IsQuery || header.Questions != 1
            || !WireName.TryExpand(message, DnsHeader.Length, name, out var length, out var at)
            || message.Length - at < 4
            || BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != 1)
        {
            return false;
        }

        var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        var asked = new DnsQuery(header.Id, WireName.TextOf(name[..length]), type) { WantsAuthenticity = header.IsAuthentic };
        var records = new DnsReader(message, at + 4);
        for (var left = header.Answers + header.Authorities + header.Additionals; left > 0; left--)
        {
            if (!records.TryRead(out var record))
            {
                return false;
            }

            if (record.Type is RecordType.Opt)
            {
                asked = asked with { UdpSize = Math.Max(record.Class, (ushort)512), WantsSignatures = (record.Ttl & 0x8000) != 0 };
            }
        }

        query = asked;
        return true;
    }

    /// <summary>Writes it, recursion desired.</summary>
    /// <param name="target">At least <see cref="MaxLength"/> octets.</param>
    /// <returns>Octets written.</returns>
    /// <exception cref="ArgumentException">The name is none, or the target too small.</exception>
    public int Write(Span<byte> target)
    {
        var writer = new DnsWriter(target);
        writer.Question(Name, Type);
        if (HasEdns)
        {
            writer.Edns(UdpSize, WantsSignatures);
        }

        var flags = DnsHeader.RecursionDesired | (WantsAuthenticity ? DnsHeader.Authentic : 0);
        writer.Header(new DnsHeader(Id, (ushort)flags, 1, 0, 0, (ushort)(HasEdns ? 1 : 0)));
        return writer.HasOverflowed ? throw new ArgumentException($"'{Name}' cannot be asked.", nameof(target)) : writer.Length;
    }
}
