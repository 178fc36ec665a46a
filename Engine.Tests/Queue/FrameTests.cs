using System.Buffers;
using System.Text;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Frames;

namespace Engine.Tests.Queue;

internal sealed class FrameTests
{
    private static readonly MessageId Id = new(0x0123_4567_89AB_CDEF);

    [TestCase("", 0u)]
    [TestCase("123456789", 0xE306_9283u, Description = "the check value of the CRC catalogue")]
    public void The_checksum_is_crc_32c(string text, uint expected) => Assert.That(Crc32C.Of(Encoding.ASCII.GetBytes(text)), Is.EqualTo(expected));

    [Test]
    public void The_checksum_of_32_zeros_is_that_of_rfc_3720() => Assert.That(Crc32C.Of(new byte[32]), Is.EqualTo(0x8A91_36AAu));

    [Test]
    public void The_checksum_goes_on_at_every_cut()
    {
        var octets = Letters.Octets(41);
        for (var cut = 0; cut <= octets.Length; cut++)
        {
            Assert.That(Crc32C.Append(Crc32C.Of(octets.AsSpan(0, cut)), octets.AsSpan(cut)), Is.EqualTo(Crc32C.Of(octets)));
        }
    }

    [Test]
    public void A_frame_reads_back()
    {
        var frame = Frame([1, 2, 3], [4, 5], [6, 7, 8, 9]);
        Assert.That(FrameHeader.TryReadWhole(frame, out var header, out var payload), Is.True);
        Assert.That(payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }));
        Assert.That((header.Kind, header.Id, header.Sequence, header.Incarnation, header.Length), Is.EqualTo((FrameKind.Defer, Id, 42UL, 7u, 9)));
    }

    [Test]
    public void The_octets_of_a_frame_are_fixed()
    {
        // A change here is a change of the format: it needs a new version and a reader for the old one.
        var frame = Frame([0xAA, 0xBB, 0xCC], [], []);
        Assert.That(Convert.ToHexString(frame), Is.EqualTo(
            "45514631" + "01" + "04" + "0000" + "03000000" + Hex(Crc32C.Of([0xAA, 0xBB, 0xCC])) + "2A00000000000000"
            + "EFCDAB8967452301" + "07000000" + "0000" + "3000" + "00000000" + Hex(Crc32C.Of(frame.AsSpan(0, 44))) + "AABBCC"));

        static string Hex(uint value) => Convert.ToHexString(BitConverter.GetBytes(value));
    }

    [Test]
    public void A_frame_cut_anywhere_is_none()
    {
        var frame = Frame([1, 2, 3], [4, 5], [6]);
        for (var cut = 0; cut < frame.Length; cut++)
        {
            Assert.That(FrameHeader.TryReadWhole(frame.AsSpan(0, cut), out _, out _), Is.False, $"cut at {cut}");
        }
    }

    [Test]
    public void One_bit_changed_anywhere_is_found()
    {
        var frame = Frame(Letters.Octets(30), Letters.Octets(5), Letters.Octets(9));
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(FrameHeader.TryReadWhole(frame, out _, out _), Is.False, $"bit {bit}");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public void Two_words_of_the_payload_that_change_places_are_found()
    {
        var frame = Frame(Letters.Octets(64), [], []);
        var payload = frame.AsSpan(FrameHeader.Size);
        var first = payload[..8].ToArray();
        payload[8..16].CopyTo(payload);
        first.CopyTo(payload[8..16]);
        Assert.That(FrameHeader.TryReadWhole(frame, out _, out _), Is.False);
    }

    [Test]
    public void A_deferral_reads_back_and_keeps_200_octets_of_text_between_characters()
    {
        var deferral = new Deferral(Letters.Noon.AddMilliseconds(1), new Category("rate"), 421, new EnhancedCode(4, 7, 28), new string('ä', 150), IsUncertain: true);
        using var writer = new OctetWriter();
        new DeferRecord(Letters.Noon, 65_535, 12, deferral).Write(writer);
        var read = DeferRecord.Read(writer.Written.Span);
        Assert.That(read, Is.EqualTo(new DeferRecord(
            Letters.Noon, 65_535, 12, deferral with { Due = Letters.Noon.AddSeconds(1), Text = new string('ä', 100) })));
    }

    [Test]
    public void Several_ends_fit_one_record()
    {
        using var writer = new OctetWriter();
        Records.WriteSettle(writer, Letters.Noon, 1, EndKind.Delivered, 250);
        writer.U16(9);
        writer.U8((byte)EndKind.Bounced);
        writer.U16(550);
        var reader = Records.Begin(writer.Written.Span, out var at);
        Assert.That(at, Is.EqualTo(Seconds.Of(Letters.Noon)));
        Assert.That(Records.TryReadEnd(ref reader, out var first, out var firstEnd, out _), Is.True);
        Assert.That(Records.TryReadEnd(ref reader, out var second, out var secondEnd, out var code), Is.True);
        Assert.That((first, firstEnd, second, secondEnd, code), Is.EqualTo((1, EndKind.Delivered, 9, EndKind.Bounced, 550)));
        Assert.That(Records.TryReadEnd(ref reader, out _, out _, out _), Is.False);
    }

    [Test]
    public void A_head_written_anew_reads_back()
    {
        var head = Letters.Head("Subject: x", new DkimIdentity("a.example", "s1"), new DkimIdentity("b.example", "s2"));
        using var writer = new OctetWriter();
        Records.WriteHead(writer, Letters.Noon, 3, head);
        var (number, read) = Records.ReadHead(writer.Written);
        Assert.That(number, Is.EqualTo(3));
        Assert.That(read.Octets.ToArray(), Is.EqualTo(head.Octets.ToArray()));
        Assert.That(read.Signatures, Is.EqualTo(head.Signatures));
        Assert.That(read.BodyHash.ToArray(), Is.EqualTo(head.BodyHash.ToArray()));
    }

    [Test]
    public void A_record_cut_anywhere_is_an_error_and_never_a_read_beyond()
    {
        using var writer = new OctetWriter();
        new DeferRecord(Letters.Noon, 1, 1, new Deferral(Letters.Noon, new Category("rate"), 421, default, "text", false)).Write(writer);
        for (var cut = 0; cut < writer.Length; cut++)
        {
            Assert.That(() => DeferRecord.Read(writer.Written.Span[..cut]), Throws.TypeOf<InvalidDataException>());
        }
    }

    private static byte[] Frame(byte[] first, byte[] second, byte[] rest)
    {
        var body = new FrameBody(FrameKind.Defer, Id, first, second, new ReadOnlySequence<byte>(rest));
        var frame = new byte[FrameHeader.Size + body.Length];
        body.WriteTo(frame, 42, 7);
        return frame;
    }
}
