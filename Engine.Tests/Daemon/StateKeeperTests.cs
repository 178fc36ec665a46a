using Engine.Daemon;
using Engine.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Daemon;

internal sealed class StateKeeperTests
{
    [Test]
    public void What_was_saved_is_loaded_again_and_a_shorter_state_leaves_nothing_of_the_longer_one()
    {
        using var directory = new TemporaryDirectory();
        var (held, read) = ("long enough"u8.ToArray(), "");
        var keeper = Make(directory, KeptState.OfStream("learned", stream => stream.Write(held), stream => read = new StreamReader(stream).ReadToEnd()));

        keeper.Load();
        Assert.That(read, Is.Empty);
        keeper.Save();
        held = "short"u8.ToArray();
        keeper.Save();
        keeper.Load();

        Assert.That(read, Is.EqualTo("short"));
    }

    [Test]
    public void What_cannot_be_read_is_set_aside_and_stops_nothing()
    {
        using var directory = new TemporaryDirectory();
        var others = 0;
        var path = Path.Join(directory.Path, "learned");
        File.WriteAllText(path, "{");
        File.WriteAllText(Path.Join(directory.Path, "other"), "good");

        Make(directory, KeptState.OfStream("learned", _ => { }, _ => throw new FormatException("no")), KeptState.OfStream("other", _ => { }, _ => others++)).Load();

        Assert.That(others, Is.EqualTo(1));
        Assert.That(File.Exists(path), Is.False);
        Assert.That(File.ReadAllText(path + ".damaged"), Is.EqualTo("{"));
    }

    [Test]
    public void One_part_that_cannot_be_saved_does_not_keep_the_others_from_it()
    {
        using var directory = new TemporaryDirectory();
        Make(directory, KeptState.OfStream("bad", _ => throw new IOException("full"), _ => { }), KeptState.OfStream("good", stream => stream.WriteByte(1), _ => { })).Save();

        Assert.That(File.ReadAllBytes(Path.Join(directory.Path, "good")), Is.EqualTo(new byte[] { 1 }));
    }

    private static StateKeeper Make(TemporaryDirectory directory, params KeptState[] parts) =>
        new(directory.Path, parts, TimeProvider.System, NullLogger.Instance);
}
