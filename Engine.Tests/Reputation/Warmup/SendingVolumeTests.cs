using Engine.Reputation.Warmup;

namespace Engine.Tests.Reputation.Warmup;

internal sealed class SendingVolumeTests
{
    private const int Day = 739_000;

    [Test]
    public void Four_weeks_are_counted_and_no_more()
    {
        var volume = new SendingVolume();
        for (var day = 0; day < 40; day++)
        {
            volume.Count("a", Day + day);
            volume.Count("a", Day + day);
        }

        Assert.That(volume.Recent("a", Day + 39), Is.EqualTo(56));
        Assert.That(volume.Recent("a", Day + 49), Is.EqualTo(36));
        Assert.That(volume.Recent("a", Day + 500), Is.Zero);
        Assert.That(volume.Recent("b", Day), Is.Zero);
    }

    [Test]
    public void What_comes_late_counts_for_its_day()
    {
        var volume = new SendingVolume();
        volume.Count("a", Day + 30);
        volume.Count("a", Day + 10);
        volume.Count("a", Day + 2);

        Assert.That(volume.Recent("a", Day + 30), Is.EqualTo(2), "the third is older than four weeks");
        Assert.That(volume.Recent("a", Day + 40), Is.EqualTo(1));
    }

    [TestCase(27, 100, null)]
    [TestCase(28, 100, "a delivered 2,800 messages in 28 days; below 250,000 a month an address of its own keeps no reputation: join its mail with another source's")]
    [TestCase(28, 8_333, "a delivered 233,324 messages in 28 days; below 250,000 a month an address of its own keeps no reputation: join its mail with another source's")]
    [TestCase(28, 8_334, null)]
    public void An_address_of_its_own_is_advised_against_where_it_makes_no_sense(int days, int daily, string? advice)
    {
        var volume = new SendingVolume();
        for (var day = 0; day <= days; day++)
        {
            for (var index = 0; index < daily; index++)
            {
                volume.Count("a", Day + day);
            }
        }

        Assert.That(volume.Advice("a", Day + days), Is.EqualTo(advice));
    }

    [Test]
    public void What_was_saved_is_as_it_was()
    {
        var (volume, again) = (new SendingVolume(), new SendingVolume());
        volume.Count("a", Day);
        volume.Count("a", Day + 3);
        again.Restore(volume.Records());

        Assert.That((again.Recent("a", Day + 3), again.Recent("a", Day + 28)), Is.EqualTo((2L, 1L)));
    }
}
