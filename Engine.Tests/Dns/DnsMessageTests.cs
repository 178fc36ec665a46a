using System.Net;
using Engine.Dns;

namespace Engine.Tests.Dns;

internal sealed class DnsMessageTests
{
    private static readonly DnsQuery Query = new(4_711, "example.com", RecordType.Mx) { UdpSize = 1_232, WantsAuthenticity = true };

    private static readonly DnsRecord[] OneOfEach =
    [
        new DnsRecord.Address(IPAddress.Parse("192.0.2.1")),
        new DnsRecord.Address(IPAddress.Parse("2001:db8::1")),
        new DnsRecord.Mx(10, "mx.example.com"),
        new DnsRecord.Mx(0, "."),
        new DnsRecord.Name(RecordType.Cname, "other.example.com"),
        new DnsRecord.Name(RecordType.Ptr, "Host.Example.NET"),
        new DnsRecord.Text("v=spf1 -all"),
        new DnsRecord.Text(new string('k', 700)),
        new DnsRecord.Text(string.Empty),
        new DnsRecord.Soa("ns.example.com", @"host\.master.example.com", 2_026, 7_200, 3_600, 1_209_600, 300),
    ];

    [Test]
    public void A_query_reads_back([Values(0, 512, 1_232)] int size, [Values] bool authenticity, [Values] bool signatures)
    {
        var query = new DnsQuery(0xBEEF, "_25._tcp.mx.example.com", RecordType.Tlsa)
        {
            UdpSize = (ushort)size,
            WantsAuthenticity = authenticity,
            WantsSignatures = signatures && size > 0,
        };
        var octets = new byte[DnsQuery.MaxLength];

        Assert.That(DnsQuery.TryRead(octets.AsSpan(0, query.Write(octets)), out var again), Is.True);
        Assert.That(again, Is.EqualTo(query));
    }

    [Test]
    public void A_query_stands_on_the_wire_as_the_standard_says()
    {
        var octets = new byte[DnsQuery.MaxLength];
        var length = new DnsQuery(0x1234, "a.bc", RecordType.Mx) { UdpSize = 1_232, WantsAuthenticity = true }.Write(octets);

        Assert.That(Convert.ToHexString(octets, 0, length), Is.EqualTo("123401200001000000000001" + "0161026263" + "00000F0001" + "00002904D0000000000000"));
    }

    [Test]
    public void A_name_that_cannot_be_asked_is_a_fault() =>
        Assert.Throws<ArgumentException>(() => new DnsQuery(1, "a..b", RecordType.A).Write(new byte[DnsQuery.MaxLength]));

    [Test]
    public void A_query_cut_anywhere_is_refused()
    {
        var octets = new byte[DnsQuery.MaxLength];
        var length = Query.Write(octets);

        for (var cut = 0; cut < length; cut++)
        {
            Assert.That(DnsQuery.TryRead(octets.AsSpan(0, cut), out _), Is.False, $"cut at {cut}");
        }
    }

    [TestCaseSource(nameof(OneOfEach))]
    public void A_record_reads_back(object written)
    {
        var content = (DnsRecord)written;

        Assert.That(ReadBack(new ResourceRecord("x.example.com", 60, content)), Is.EqualTo(content));
    }

    [Test]
    public void Records_of_octets_read_back()
    {
        byte[] octets = [1, 2, 3, 4, 5];
        var tlsa = ReadBack(new ResourceRecord("_25._tcp.mx", 60, new DnsRecord.Tlsa(3, 1, 1, octets))) as DnsRecord.Tlsa;
        var opaque = ReadBack(new ResourceRecord("x", 60, new DnsRecord.Opaque((RecordType)257, octets))) as DnsRecord.Opaque;

        Assert.That(tlsa, Is.Not.Null);
        Assert.That((tlsa!.Usage, tlsa.Selector, tlsa.Matching), Is.EqualTo(((byte)3, (byte)1, (byte)1)));
        Assert.That(tlsa.Association.ToArray(), Is.EqualTo(octets));
        Assert.That(opaque!.Type, Is.EqualTo((RecordType)257));
        Assert.That(opaque.Data.ToArray(), Is.EqualTo(octets));
    }

    [Test]
    public void Names_written_twice_are_compressed()
    {
        var plain = Asked.Write(new DnsResponse(Query, ResponseCode.NoError)).Length;
        var octets = Asked.Write(new DnsResponse(Query, ResponseCode.NoError) { Answers = [Asked.Mx("EXAMPLE.com", 10, "mx.example.com")] });

        // Owner: a pointer. Data: preference, "mx", a pointer.
        Assert.That(octets, Has.Length.EqualTo(plain + 2 + 10 + 2 + 3 + 2));
    }

    [Test]
    public void A_response_too_long_for_its_room_goes_truncated_without_records()
    {
        var response = new DnsResponse(Query, ResponseCode.NoError)
        {
            Answers = [.. Enumerable.Range(0, 40).Select(number => Asked.Mx("example.com", 10, $"a-rather-long-name-{number}.example.net"))],
        };
        var octets = new byte[512];

        Assert.That(DnsHeader.TryRead(octets.AsSpan(0, response.Write(octets)), out var header), Is.True);
        Assert.That((header.IsTruncated, header.Answers, header.Additionals), Is.EqualTo((true, (ushort)0, (ushort)1)));
        Assert.Throws<ArgumentException>(() => response.Write(new byte[20]));
    }

    [TestCase(RecordType.A, "C0000201" + "00", Description = "five octets of address")]
    [TestCase(RecordType.A, "", Description = "none")]
    [TestCase(RecordType.Aaaa, "C0000201", Description = "four instead of sixteen")]
    [TestCase(RecordType.Mx, "000A", Description = "no host")]
    [TestCase(RecordType.Mx, "000A016100" + "00", Description = "an octet behind the host")]
    [TestCase(RecordType.Mx, "000A0161", Description = "a host without root")]
    [TestCase(RecordType.Cname, "", Description = "no target")]
    [TestCase(RecordType.Txt, "", Description = "no string")]
    [TestCase(RecordType.Txt, "0361", Description = "a string longer than the record")]
    [TestCase(RecordType.Tlsa, "030101", Description = "no association")]
    [TestCase(RecordType.Soa, "0000" + "0000000100000001000000010000000100", Description = "a number too short")]
    [TestCase(RecordType.Soa, "00", Description = "one name")]
    public void Data_that_does_not_fit_its_type_is_refused(object type, string hex)
    {
        byte[] message = [.. new byte[DnsHeader.Length], .. Convert.FromHexString(hex)];
        var view = new RecordView(0, (RecordType)type, 1, 60, DnsHeader.Length, message.Length - DnsHeader.Length);

        Assert.That(RecordReader.TryRead(message, view, out _), Is.False);
    }

    private static DnsRecord ReadBack(ResourceRecord record)
    {
        var octets = new byte[4_096];
        var writer = new DnsWriter(octets);
        writer.Question("example.com", record.Content.Type);
        var start = writer.Length;
        writer.Record(record);
        Assert.That(writer.HasOverflowed, Is.False);

        var message = octets.AsSpan(0, writer.Length);
        var reader = new DnsReader(message, start);
        Assert.That(reader.TryRead(out var view), Is.True);
        Assert.That((view.Type, view.Ttl, view.IsInternet), Is.EqualTo((record.Content.Type, record.Ttl, true)));
        Assert.That(RecordReader.TryRead(message, view, out var content), Is.True);
        Assert.That(reader.TryRead(out _), Is.False);
        return content;
    }
}
