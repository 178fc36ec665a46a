using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Engine.Dns;

/// <summary>Understands the data of records. RFC 1035 §3.3, RFC 3596 (AAAA), RFC 6698 (TLSA).</summary>
internal static class RecordReader
{
    // The numbers behind the two names of an SOA record.
    private const int SoaNumbers = 20;

    /// <returns>False when the data does not fit its type exactly.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, RecordView view, out DnsRecord record)
    {
        var content = message.Slice(view.Start, view.Length);
        var read = (view.Type, content.Length) switch
        {
            (RecordType.A, 4) or (RecordType.Aaaa, 16) => new DnsRecord.Address(new IPAddress(content)),
            (RecordType.A or RecordType.Aaaa, _) => null,
            (RecordType.Mx, _) => ReadMx(message, view),
            (RecordType.Cname or RecordType.Ptr or RecordType.Ns, _) => ReadName(message, view),
            (RecordType.Txt, _) => ReadText(content),
            (RecordType.Tlsa, > 3) => new DnsRecord.Tlsa(content[0], content[1], content[2], content[3..].ToArray()),
            (RecordType.Tlsa, _) => null,
            (RecordType.Soa, _) => ReadSoa(message, view),
            _ => (DnsRecord?)new DnsRecord.Opaque(view.Type, content.ToArray()),
        };
        record = read!;
        return read is not null;
    }

    /// <summary>How long a "no" may be kept: the smaller of the SOA's own TTL and its MINIMUM. RFC 2308 §5. Allocates nothing.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="view">An SOA record.</param>
    /// <param name="seconds">Whole seconds.</param>
    public static bool TryReadNegativeTtl(ReadOnlySpan<byte> message, RecordView view, out uint seconds)
    {
        var at = view.Start;
        var end = view.Start + view.Length;
        seconds = 0;
        if (!WireName.TrySkip(message, ref at) || !WireName.TrySkip(message, ref at) || at + SoaNumbers != end)
        {
            return false;
        }

        var minimum = BinaryPrimitives.ReadUInt32BigEndian(message[(end - 4)..]);
        seconds = minimum > int.MaxValue ? 0 : Math.Min(minimum, view.Ttl);
        return true;
    }

    private static DnsRecord.Mx? ReadMx(ReadOnlySpan<byte> message, RecordView view)
    {
        if (view.Length < 3)
        {
            return null;
        }

        var preference = BinaryPrimitives.ReadUInt16BigEndian(message[view.Start..]);
        return ReadName(message, view.Start + 2, view.Start + view.Length) is { } host ? new DnsRecord.Mx(preference, host) : null;
    }

    private static DnsRecord.Name? ReadName(ReadOnlySpan<byte> message, RecordView view) =>
        ReadName(message, view.Start, view.Start + view.Length) is { } target ? new DnsRecord.Name(view.Type, target) : null;

    private static string? ReadName(ReadOnlySpan<byte> message, int at, int mustEnd)
    {
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        return WireName.TryExpand(message, at, name, out var length, out var end) && end == mustEnd ? WireName.TextOf(name[..length]) : null;
    }

    private static DnsRecord.Text? ReadText(ReadOnlySpan<byte> content)
    {
        var joined = new byte[content.Length];
        var length = 0;
        var isEmpty = content.IsEmpty;
        while (!content.IsEmpty)
        {
            int count = content[0];
            if (count >= content.Length)
            {
                return null;
            }

            content.Slice(1, count).CopyTo(joined.AsSpan(length));
            length += count;
            content = content[(count + 1)..];
        }

        return isEmpty ? null : new DnsRecord.Text(Encoding.UTF8.GetString(joined, 0, length));
    }

    private static DnsRecord.Soa? ReadSoa(ReadOnlySpan<byte> message, RecordView view)
    {
        var numbersAt = view.Start + view.Length - SoaNumbers;
        var contactAt = view.Start;
        if (view.Length < SoaNumbers
            || !WireName.TrySkip(message, ref contactAt)
            || ReadName(message, view.Start, contactAt) is not { } primary
            || ReadName(message, contactAt, numbersAt) is not { } contact)
        {
            return null;
        }

        var numbers = message.Slice(numbersAt, SoaNumbers);
        return new DnsRecord.Soa(primary, contact, Number(numbers), Number(numbers[4..]), Number(numbers[8..]), Number(numbers[12..]), Number(numbers[16..]));
    }

    private static uint Number(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt32BigEndian(octets);
}
