using System.Buffers;
using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Frames;
using Engine.Queue.Transfer;

namespace Engine.Tests.Queue.Transfer;

/// <summary>The file by itself: what is written is read, and nothing else is.</summary>
internal sealed class TransferFileTests
{
    // In the past: tar(1) complains of files of the future.
    private static readonly DateTimeOffset Made = Letters.Noon.AddYears(-1);

    private static readonly TransferOrigin Origin = TransferOrigin.Here(new Guid("0123456789abcdef0123456789abcdef"), "old.example", Made);

    [Test]
    public async Task Everything_of_a_message_survives()
    {
        var (message, content) = Rich(new MessageId(42));
        var bare = Bare(new MessageId(43));
        var octets = await WriteAsync((message, content), (bare, []));
        var found = await ReadAsync(octets);
        Assert.That(found, Has.Count.EqualTo(2));
        AssertSame(message, found[0].Message);
        Assert.That(found[0].Content.AsSpan().SequenceEqual(content), Is.True);
        AssertSame(bare, found[1].Message);
        Assert.That(found[1].Content, Is.Empty);
    }

    [Test]
    public async Task It_is_a_tar_for_everybody()
    {
        var octets = await WriteAsync(Rich(new MessageId(42)), (Bare(new MessageId(43)), []));
        using var stream = new MemoryStream(octets);
        using var tar = new TarReader(stream);
        var names = new List<string>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
            Assert.That(entry.EntryType, Is.EqualTo(TarEntryType.RegularFile));
            Assert.That(entry.ModificationTime, Is.EqualTo(Made));
        }

        var (first, second) = (new MessageId(42), new MessageId(43));
        Assert.That(names, Is.EqualTo(new[] { "export.json", $"{first}.json", $"{first}.eml", $"{first}.head-1", $"{second}.json", $"{second}.eml", "manifest.json" }));
    }

    [Test]
    public async Task The_tar_of_the_system_lists_and_unpacks_it()
    {
        if (!File.Exists("/usr/bin/tar") && !File.Exists("/bin/tar"))
        {
            Assert.Ignore("tar is not installed");
        }

        var directory = Directory.CreateTempSubdirectory("engine-tar-").FullName;
        try
        {
            var (message, content) = Rich(new MessageId(42));
            var path = Path.Join(directory, "mail.tar");
            await File.WriteAllBytesAsync(path, await WriteAsync((message, content)));
            using var process = Process.Start(new ProcessStartInfo("tar", ["xvf", path, "-C", directory]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var listed = await process.StandardOutput.ReadToEndAsync();
            var complaint = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.That(process.ExitCode, Is.Zero, complaint);
            Assert.That(complaint, Is.Empty);
            Assert.That(listed, Does.Contain($"{message.Envelope.Id}.eml\n").And.Contain("manifest.json\n"));
            var mail = await File.ReadAllBytesAsync(Path.Join(directory, $"{message.Envelope.Id}.eml"));
            Assert.That(mail.AsSpan().SequenceEqual([.. message.Heads[0].Octets.ToArray(), .. content]), Is.True);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test]
    public async Task A_file_cut_anywhere_is_refused_with_its_place()
    {
        var octets = await WriteAsync(Rich(new MessageId(42), size: 2_000), (Bare(new MessageId(43)), []));
        for (var length = 0; length < octets.Length; length += 13)
        {
            var fault = await Assert.ThrowsAsync<TransferDamagedException>(() => ReadAsync(octets[..length]));
            Assert.That(fault!.Message, Does.Contain($"octet {length},").And.Contain("it was cut"), $"{length}");
        }
    }

    [Test]
    public async Task A_flipped_bit_anywhere_is_refused_or_harmless([Range(1, 100)] int seed)
    {
        var random = new Random(seed);
        var (message, content) = Rich(new MessageId(42), size: 700);
        var octets = await WriteAsync((message, content), (Bare(new MessageId(43)), []));
        octets[random.Next(octets.Length)] ^= (byte)(1 << random.Next(8));
        try
        {
            var found = await ReadAsync(octets);
            AssertSame(message, found[0].Message);
            Assert.That(found[0].Content.AsSpan().SequenceEqual(content), Is.True);
        }
        catch (TransferDamagedException fault)
        {
            Assert.That(fault.Message, Does.StartWith("the export is not whole: octet "));
        }
    }

    [Test]
    public async Task Files_put_together_from_two_exports_are_refused()
    {
        var one = await WriteAsync(Rich(new MessageId(42)));
        var two = await WriteAsync((Bare(new MessageId(43)), []));
        var fault = await Assert.ThrowsAsync<TransferDamagedException>(() => ReadAsync([.. one[..^1_024], .. two]));
        Assert.That(fault!.Message, Does.Contain("something follows the manifest"));
        var cut = one.AsSpan().IndexOf("manifest.json"u8);
        fault = await Assert.ThrowsAsync<TransferDamagedException>(() => ReadAsync([.. one[..cut], .. two[two.AsSpan().IndexOf("manifest.json"u8)..]]));
        Assert.That(fault!.Message, Does.Contain("stand before it"));
    }

    [TestCase("../../etc/passwd", 0L)]
    [TestCase("/etc/passwd", 5L)]
    [TestCase("export.json/../../x", 5L)]
    [TestCase("manifest.json", 8_589_934_591L)]
    [TestCase("0000000000001.json", 8_589_934_591L)]
    [TestCase("0000000000001.json", 60_000_000L)]
    public async Task Names_and_sizes_of_a_stranger_are_harmless(string name, long size)
    {
        var start = await WriteAsync();
        start = start[..(512 + 512)];
        var header = new byte[TarHeader.BlockSize];
        new TarHeader(name, size, Letters.Noon).WriteTo(header);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = await Assert.ThrowsAsync<TransferDamagedException>(() => ReadAsync([.. start, .. header, .. new byte[2_048]]));
        Assert.That(fault!.Message, Does.Contain(name));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8 << 20), "a claimed size is not believed");
    }

    [TestCase('1')]
    [TestCase('2')]
    [TestCase('5')]
    [TestCase('x')]
    [TestCase('g')]
    [TestCase('L')]
    public async Task Links_directories_and_extended_headers_are_refused(char kind)
    {
        var octets = await WriteAsync();
        octets[156] = (byte)kind;
        Rechecksum(octets.AsSpan(0, 512));
        var fault = await Assert.ThrowsAsync<TransferDamagedException>(() => ReadAsync(octets));
        Assert.That(fault!.Message, Does.Contain("no plain file"));
    }

    [TestCase("\"version\":1", "\"version\":2", "version 2")]
    [TestCase("\"class\":\"marketing\"", "\"class\":\"marketinG\"", "is no class")]
    [TestCase("ü@müller.example", "ü@@üller.example", "an address that is none")]
    [TestCase("\"head\":1", "\"head\":9", "a head that is none")]
    [TestCase("\"notify\":[\"success", "\"notify\":[\"sUcc3ss", "is none of notify")]
    [TestCase("\"held\":true", "\"held\":1234", "wrong form")]
    public async Task What_an_envelope_may_not_say_is_refused(string was, string wrong, string reason)
    {
        var (message, content) = Rich(new MessageId(42));
        var json = Encoding.UTF8.GetString(EnvelopeJson.Write(message, content.Length, Crc32C.Of(content)).Span);
        Assert.That(json, Does.Contain(was));
        json = json.Replace(was, wrong, StringComparison.Ordinal);
        var sealedAgain = SealedJson.Seal(Encoding.UTF8.GetBytes(json[..json.LastIndexOf(",\"crc32c\"", StringComparison.Ordinal)] + "}"));
        var fault = Assert.Throws<InvalidDataException>(() => EnvelopeJsonReader.Read(sealedAgain));
        Assert.That(fault!.Message, Does.Contain(reason));
        await Task.CompletedTask;
    }

    /// <summary>Two heads, three recipients, everything set.</summary>
    private static (TransferredMessage Message, byte[] Content) Rich(MessageId id, int size = 3 << 20)
    {
        var envelope = Letters.Envelope(id) with
        {
            Sender = Mailbox.Parse("\"odd one\"@sender.example"),
            Recipients =
            [
                new Recipient(Mailbox.Parse("a@one.example"), Notify.Never),
                new Recipient(Mailbox.Parse("ü@müller.example"), Notify.Success | Notify.Failure, "utf-8;ü@müller.example", 1),
                new Recipient(Mailbox.Parse("b@one.example"), Head: 1),
            ],
            Pool = "bulk",
            Campaign = "été \"1\"",
            Engagement = Engagement.Low,
            Tags = ["a", "b c"],
            NotBefore = Letters.Noon.AddMinutes(5),
            GiveUp = Letters.Noon.AddDays(3).AddTicks(7),
            Accepted = Letters.Noon.AddTicks(1),
            Return = ReturnContent.Full,
            EnvelopeId = "x+2By",
            Needs = BodyNeeds.EightBit | BodyNeeds.SmtpUtf8 | BodyNeeds.RequireTls,
            HeaderFrom = DomainName.Parse("sender.example"),
            HeaderMessageId = "1@sender.example",
            Client = "2001:db8::1",
            Credential = "acme/app",
        };
        var last = new DeferRecord(Letters.Noon.AddHours(1), 0, 0, new Deferral(default, new Category("rate"), 421, new EnhancedCode(4, 7, 28), "slow\tdown, größer", true));
        var heads = new[] { Letters.Head("Subject: one", new DkimIdentity("sender.example", "s1"), new DkimIdentity("sender.example", "ed")), Letters.Head("Subject: two") };
        TransferredRecipient[] states = [new(0, 0, null, true, null), new(4, 3, Letters.Noon.AddHours(2), false, last), new(9, 1, Letters.Noon, false, null)];
        return (new TransferredMessage(envelope, states, heads), Letters.Octets(size));
    }

    private static TransferredMessage Bare(MessageId id) => new(
        Letters.Envelope(id, "a@one.example") with { Sender = default, IsNotice = true, Stream = string.Empty, Class = StreamClass.Transactional },
        [new TransferredRecipient(0, 0, null, false, null)],
        [Letters.Head("Subject: bare")]);

    private static void AssertSame(TransferredMessage expected, TransferredMessage found)
    {
        Assert.That(found.Envelope with { Recipients = expected.Envelope.Recipients, Tags = expected.Envelope.Tags }, Is.EqualTo(expected.Envelope));
        Assert.That(found.Envelope.Recipients, Is.EqualTo(expected.Envelope.Recipients));
        Assert.That(found.Envelope.Tags, Is.EqualTo(expected.Envelope.Tags));
        Assert.That(found.States, Is.EqualTo(expected.States));
        Assert.That(found.Heads, Has.Count.EqualTo(expected.Heads.Count));
        for (var head = 0; head < found.Heads.Count; head++)
        {
            Assert.That(found.Heads[head].Octets.ToArray(), Is.EqualTo(expected.Heads[head].Octets.ToArray()));
            Assert.That(found.Heads[head].BodyHash.ToArray(), Is.EqualTo(expected.Heads[head].BodyHash.ToArray()));
            Assert.That(found.Heads[head].Signatures, Is.EqualTo(expected.Heads[head].Signatures));
        }
    }

    private static async Task<byte[]> WriteAsync(params (TransferredMessage Message, byte[] Content)[] messages)
    {
        using var target = new MemoryStream();
        var writer = new TransferWriter(target, Origin);
        await writer.BeginAsync(CancellationToken.None);
        foreach (var (message, content) in messages)
        {
            await writer.AddAsync(message, content.Chunk(1 << 20).Select(static piece => (ReadOnlyMemory<byte>)piece), CancellationToken.None);
        }

        await writer.FinishAsync(1, 2, CancellationToken.None);
        return target.ToArray();
    }

    private static async Task<List<(TransferredMessage Message, byte[] Content)>> ReadAsync(byte[] octets)
    {
        using var source = new MemoryStream(octets);
        var reader = new TransferReader(source);
        var found = new List<(TransferredMessage, byte[])>();
        await foreach (var arrived in reader.ReadAsync(CancellationToken.None))
        {
            using (arrived)
            {
                found.Add((arrived.Message, arrived.Content.ToArray()));
            }
        }

        Assert.That(reader.Manifest, Is.EqualTo(new TransferManifest(Origin.Export, found.Count, found.Sum(static one => one.Item1.States.Count), reader.Manifest!.Octets, 1, 2)));
        return found;
    }

    private static void Rechecksum(Span<byte> block)
    {
        "        "u8.CopyTo(block[148..]);
        var sum = 0;
        foreach (var octet in block)
        {
            sum += octet;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", block[148..]);
    }
}
