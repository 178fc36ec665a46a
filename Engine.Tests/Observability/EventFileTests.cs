using System.Text;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EventFileTests : IDisposable
{
    private static readonly EventHour Hour = EventHour.Of(Lines.Noon);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [TestCase("", TestName = "Nothing of it was written")]
    [TestCase("sec", TestName = "A part of it was written")]
    [TestCase("second\n", TestName = "All of it was written and the fault came after")]
    public void A_block_written_again_after_a_fault_lands_at_the_same_place(string written)
    {
        using var file = new EventFile(new EventFiles(_directory.Path));
        file.Write(Block(Hour, "first\n"));
        file.Abandon();
        File.AppendAllText(Lines12, written);
        file.Write(Block(Hour, "second\n"));
        file.Write(Block(Hour, "third\n"));

        Assert.That(File.ReadAllText(Lines12), Is.EqualTo("first\nsecond\nthird\n"));
    }

    [Test]
    public void A_file_that_vanished_is_begun_anew_without_a_hole()
    {
        using var file = new EventFile(new EventFiles(_directory.Path));
        file.Write(Block(Hour, "first\n"));
        file.Abandon();
        File.Delete(Lines12);
        file.Write(Block(Hour, "second\n"));

        Assert.That(File.ReadAllText(Lines12), Is.EqualTo("second\n"));
    }

    [TestCase("", "new\n")]
    [TestCase("whole\n", "whole\nnew\n")]
    [TestCase("whole\ntorn", "whole\ntorn\nnew\n")]
    public void What_an_earlier_run_left_is_gone_on_with(string before, string after)
    {
        File.WriteAllText(Lines12, before);
        using var file = new EventFile(new EventFiles(_directory.Path));
        file.Write(Block(Hour, "new\n"));

        Assert.That(File.ReadAllText(Lines12), Is.EqualTo(after));
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void The_directory_is_closed_to_strangers()
    {
        var path = _directory.Of("events");
        using var file = new EventFile(new EventFiles(path));
        file.Write(Block(Hour, "first\n"));

        Assert.That(File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute), Is.EqualTo(UnixFileMode.None));
    }

    private string Lines12 => _directory.Of("events-2026112212.jsonl");

    private static EventBlock Block(EventHour hour, string lines)
    {
        var block = new EventBlock(100);
        block.Begin(hour);
        block.Add(Encoding.ASCII.GetBytes(lines));
        return block;
    }
}
