using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Engine.Dns;

/// <summary>Writes a message into a buffer, names compressed. What does not fit is left out and remembered in <see cref="HasOverflowed"/>.</summary>
/// <param name="target">Borrowed; its length is the limit of the message.</param>
internal ref struct DnsWriter(Span<byte> target)
{
    private const int MaxPointer = 0x3FFF;
    private const int MaxString = 255;

    private readonly Span<byte> _target = target;
    private Places _places;
    private int _known;

    public int Length { get; private set; } = DnsHeader.Length;

    /// <summary>True when something did not fit, or was no name: the message is not to be sent.</summary>
    public bool HasOverflowed { get; private set; } = target.Length < DnsHeader.Length;

    /// <summary>Written last, when the counts are known.</summary>
    public readonly void Header(DnsHeader header)
    {
        if (!HasOverflowed)
        {
            header.Write(_target);
        }
    }

    public void Question(string name, RecordType type)
    {
        Name(name);
        Number16((ushort)type);
        Number16(1);
    }

    public void Record(ResourceRecord record)
    {
        Name(record.Owner);
        Number16((ushort)record.Content.Type);
        Number16(1);
        Number32(record.Ttl);
        var lengthAt = Length;
        Number16(0);
        Content(record.Content);
        if (!HasOverflowed)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_target[lengthAt..], (ushort)(Length - lengthAt - 2));
        }
    }

    /// <summary>The OPT record of EDNS version 0. RFC 6891 §6.1.2.</summary>
    /// <param name="size">Largest UDP message we take, in octets.</param>
    /// <param name="wantsSignatures">The DO bit. RFC 3225.</param>
    public void Edns(ushort size, bool wantsSignatures)
    {
        Octet(0);
        Number16((ushort)RecordType.Opt);
        Number16(size);
        Number32(wantsSignatures ? 0x8000u : 0);
        Number16(0);
    }

    private void Content(DnsRecord content)
    {
        switch (content)
        {
            case DnsRecord.Address address:
                Octets(address.Value.GetAddressBytes());
                break;
            case DnsRecord.Mx mx:
                Number16(mx.Preference);
                Name(mx.Host);
                break;
            case DnsRecord.Name name:
                Name(name.Target);
                break;
            case DnsRecord.Text text:
                Strings(Encoding.UTF8.GetBytes(text.Value));
                break;
            case DnsRecord.Tlsa tlsa:
                Octets([tlsa.Usage, tlsa.Selector, tlsa.Matching]);
                Octets(tlsa.Association.Span);
                break;
            case DnsRecord.Soa soa:
                Start(soa);
                break;
            case DnsRecord.Opaque opaque:
                Octets(opaque.Data.Span);
                break;
            default:
                throw new InvalidOperationException($"No form for {content.GetType().Name}.");
        }
    }

    private void Start(DnsRecord.Soa soa)
    {
        Name(soa.Primary);
        Name(soa.Contact);
        ReadOnlySpan<uint> numbers = [soa.Serial, soa.Refresh, soa.Retry, soa.Expire, soa.Minimum];
        foreach (var number in numbers)
        {
            Number32(number);
        }
    }

    private void Strings(ReadOnlySpan<byte> octets)
    {
        do
        {
            var part = octets[..Math.Min(octets.Length, MaxString)];
            Octet((byte)part.Length);
            Octets(part);
            octets = octets[part.Length..];
        }
        while (!octets.IsEmpty);
    }

    private void Name(string text)
    {
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        if (!WireName.TryWrite(text, name, out var length))
        {
            HasOverflowed = true;
            return;
        }

        ReadOnlySpan<byte> rest = name[..length];
        while (rest.Length > 1 && !HasOverflowed)
        {
            if (Find(rest) is var place and > 0)
            {
                Number16((ushort)(place | 0xC000));
                return;
            }

            Remember(Length);
            Octets(rest[..(rest[0] + 1)]);
            rest = rest[(rest[0] + 1)..];
        }

        Octet(0);
    }

    private readonly int Find(scoped ReadOnlySpan<byte> name)
    {
        for (var at = 0; at < _known; at++)
        {
            if (WireName.IsSame(_target[..Length], _places[at], name))
            {
                return _places[at];
            }
        }

        return 0;
    }

    private void Remember(int place)
    {
        if (_known < Places.Count && place <= MaxPointer)
        {
            _places[_known++] = (ushort)place;
        }
    }

    private void Octet(byte value) => Octets([value]);

    private void Number16(ushort value) => Octets([(byte)(value >> 8), (byte)value]);

    private void Number32(uint value) => Octets([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private void Octets(scoped ReadOnlySpan<byte> octets)
    {
        if (HasOverflowed || _target.Length - Length < octets.Length)
        {
            HasOverflowed = true;
            return;
        }

        octets.CopyTo(_target[Length..]);
        Length += octets.Length;
    }

    /// <summary>Where labels stand that later names may point at.</summary>
    [InlineArray(Count)]
    private struct Places
    {
        public const int Count = 32;

        private ushort _first;
    }
}
