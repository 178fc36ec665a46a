using Engine.Mail;
using Engine.Queue.Transfer;

namespace Engine.Tests.Queue.Transfer;

internal sealed class ImportRecordTests
{
    private string _directory = string.Empty;

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("engine-imports-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void It_knows_what_was_written_down_and_a_torn_end_is_dropped()
    {
        using (var record = ImportRecord.Open(_directory, "a", Letters.Noon))
        {
            record.Add(new MessageId(1));
            record.Add(new MessageId(2));
        }

        using (var file = new FileStream(Path.Join(_directory, "a"), FileMode.Open))
        {
            file.SetLength(13);
        }

        using (var again = ImportRecord.Open(_directory, "a", Letters.Noon))
        {
            Assert.That(again.Knows(new MessageId(1)), Is.True);
            Assert.That(again.Knows(new MessageId(2)), Is.False);
            again.Add(new MessageId(3));
        }

        using var last = ImportRecord.Open(_directory, "a", Letters.Noon);
        Assert.That(last.Knows(new MessageId(3)), Is.True);
        Assert.That(last.Knows(new MessageId(2)), Is.False);
    }

    [Test]
    public void Two_imports_of_one_export_at_once_are_refused()
    {
        using var record = ImportRecord.Open(_directory, "a", Letters.Noon);
        Assert.Throws<IOException>(() => ImportRecord.Open(_directory, "a", Letters.Noon).Dispose());
    }

    [Test]
    public void Records_are_kept_for_thirty_days()
    {
        ImportRecord.Open(_directory, "old", Letters.Noon).Dispose();
        ImportRecord.Open(_directory, "new", Letters.Noon).Dispose();
        File.SetLastWriteTimeUtc(Path.Join(_directory, "old"), Letters.Noon.UtcDateTime.AddDays(-31));
        File.SetLastWriteTimeUtc(Path.Join(_directory, "new"), Letters.Noon.UtcDateTime.AddDays(-29));
        ImportRecord.Open(_directory, "a", Letters.Noon).Dispose();
        Assert.That(Directory.GetFiles(_directory).Select(Path.GetFileName), Is.EquivalentTo(new[] { "new", "a" }));
    }
}
