using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EventIndexTests
{
    [TestCase(4 << 20, TestName = "One run")]
    [TestCase(7, TestName = "Many runs")]
    [TestCase(1, TestName = "A run for every entry")]
    public void Every_key_is_found_in_the_blocks_it_was_added_to(int maxRun)
    {
        using var directory = new TemporaryDirectory();
        using (var writer = new EventIndexWriter(File.Create(directory.Of("x.idx")), maxRun))
        {
            for (var block = 0; block < 10; block++)
            {
                for (var key = 0; key < 5; key++)
                {
                    writer.Add(Hash((block * 3) + key));
                    writer.Add(Hash((block * 3) + key));
                }

                writer.EndBlock((block + 1) * 100, (block + 1) * 1_000);
            }

            writer.Finish();
        }

        using var index = EventIndex.Open(directory.Of("x.idx"))!;
        Assert.That(index.BlockCount, Is.EqualTo(10));
        Assert.That(index.Block(3), Is.EqualTo((300L, 100, 3_000L, 1_000)));
        for (var key = 0; key < 32; key++)
        {
            var expected = Enumerable.Range(0, 10).Where(block => key >= block * 3 && key < (block * 3) + 5);
            Assert.That(index.Find(Hash(key)), Is.EqualTo(expected), $"key {key}");
        }

        Assert.That(index.Find(Hash(1_000)), Is.Empty);
    }

    [TestCase(0, 0)]
    [TestCase(999, 0)]
    [TestCase(1_000, 1)]
    [TestCase(1_999, 1)]
    [TestCase(2_000, 2)]
    [TestCase(9_999, 2)]
    public void A_place_in_the_lines_leads_to_its_block(long raw, int block)
    {
        using var directory = new TemporaryDirectory();
        using (var writer = new EventIndexWriter(File.Create(directory.Of("x.idx"))))
        {
            writer.EndBlock(10, 1_000);
            writer.EndBlock(20, 2_000);
            writer.Finish();
        }

        using var index = EventIndex.Open(directory.Of("x.idx"))!;
        Assert.That(index.BlockAt(raw), Is.EqualTo(block));
    }

    [Test]
    public void An_index_cut_anywhere_is_not_used()
    {
        using var directory = new TemporaryDirectory();
        using (var writer = new EventIndexWriter(File.Create(directory.Of("x.idx"))))
        {
            writer.Add(Hash(1));
            writer.EndBlock(10, 1_000);
            writer.Finish();
        }

        var whole = File.ReadAllBytes(directory.Of("x.idx"));
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(directory.Of("cut.idx"), whole[..length]);
            using var cut = EventIndex.Open(directory.Of("cut.idx"));
            Assert.That(cut, Is.Null, $"{length} octets");
        }

        using var none = EventIndex.Open(directory.Of("none.idx"));
        Assert.That(none, Is.Null);
    }

    [TestCase("Bob@Example.NET", "bob@example.net", true)]
    [TestCase("bob@example.net", "rob@example.net", false)]
    [TestCase("BÜCHER@x.example", "bÜcher@x.example", true)]
    public void Recipients_are_found_in_either_case(string left, string right, bool same) =>
        Assert.That(
            EventKeys.OfRecipient(System.Text.Encoding.UTF8.GetBytes(left)) == EventKeys.OfRecipient(System.Text.Encoding.UTF8.GetBytes(right)),
            Is.EqualTo(same));

    [Test]
    public void Hashes_stand_in_files_and_never_change()
    {
        Assert.That(EventKeys.OfId("0200000000000"u8), Is.EqualTo(EventKeys.Of("id"u8, "0200000000000"u8)));
        Assert.That(EventKeys.OfHeader("a@b"u8), Is.EqualTo(EventKeys.Of("messageId"u8, "a@b"u8)));
        Assert.That(EventKeys.Of("domain"u8, "a"u8), Is.Null);
        Assert.That(EventKeys.Of("id"u8, default), Is.Null);
        Assert.That(EventKeys.OfId("a"u8), Is.Not.EqualTo(EventKeys.OfHeader("a"u8)));
    }

    private static ulong Hash(int key) => EventKeys.OfId(BitConverter.GetBytes(key));
}
