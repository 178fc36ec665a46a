using Engine.Queue;

namespace Engine.Tests.Queue;

internal sealed class IdentityTests
{
    [Test]
    public void State_of_another_node_or_machine_is_foreign_until_adopted()
    {
        using var folder = new QueueFolder();
        Assert.That(Identity.Open(folder.Path, 1, "machine-a").IsForeign, Is.False, "a fresh directory is ours");
        Assert.That(Identity.Open(folder.Path, 1, "machine-a").IsForeign, Is.False);
        Assert.That(Identity.Open(folder.Path, 2, "machine-a").IsForeign, Is.True);
        var moved = Identity.Open(folder.Path, 1, "machine-b");
        Assert.That(moved.IsForeign, Is.True);
        Assert.That(moved.Known, Is.EqualTo(new Identity.Written(1, "machine-a")));
        moved.Adopt();
        Assert.That(moved.IsForeign, Is.False);
        Assert.That(Identity.Open(folder.Path, 1, "machine-b").IsForeign, Is.False);
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_file_that_cannot_be_read_is_named()
    {
        using var folder = new QueueFolder();
        File.WriteAllText(Path.Join(folder.Path, "identity"), "{ broken");
        Assert.That(() => Identity.Open(folder.Path, 1), Throws.TypeOf<QueueDamagedException>().With.Message.Contains(folder.Path));
    }
}
