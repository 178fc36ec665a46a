using System.Text;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EventNamesOfPlacesTests
{
    [TestCase("2026112205", true)]
    [TestCase("2026112224", false)]
    [TestCase("202611220", false)]
    [TestCase("20261122055", false)]
    [TestCase("", false)]
    public void An_hour_reads_back(string text, bool expected)
    {
        Assert.That(EventHour.TryParse(text, out var hour), Is.EqualTo(expected));
        Assert.That(hour.ToString(), expected ? Is.EqualTo(text) : Is.EqualTo("1970010100"));
    }

    [Test]
    public void An_hour_is_that_of_utc_and_begins_on_the_hour()
    {
        var hour = EventHour.Of(new DateTimeOffset(2026, 11, 22, 5, 59, 59, 999, TimeSpan.FromHours(5)));

        Assert.That(hour.ToString(), Is.EqualTo("2026112200"));
        Assert.That(EventHour.Of(hour.Start), Is.EqualTo(hour));
        Assert.That(EventHour.Of(hour.Start.AddTicks(-1)).Value, Is.EqualTo(hour.Value - 1));
    }

    [TestCase("2026112205:0", true)]
    [TestCase("2026112205:18446744", true)]
    [TestCase("2026112205:-1", false)]
    [TestCase("2026112205", false)]
    [TestCase("x:1", false)]
    public void A_cursor_reads_back(string text, bool expected)
    {
        Assert.That(EventCursor.TryParse(text, out var cursor), Is.EqualTo(expected));
        Assert.That(cursor.ToString() == text, Is.EqualTo(expected));
    }

    [TestCase("2026-11-22T05:04:03.120Z")]
    [TestCase("0001-01-01T00:00:00.000Z")]
    [TestCase("9999-12-31T23:59:59.999Z")]
    public void A_time_reads_back(string text)
    {
        Assert.That(Timestamp.TryParse(Encoding.ASCII.GetBytes(text), out var time), Is.True);
        Assert.That(Timestamp.Format(time), Is.EqualTo(text));
        Assert.That(time.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase("2026-11-22 05:04:03.120Z")]
    [TestCase("2026-13-22T05:04:03.120Z")]
    [TestCase("2026-11-22T05:04:03Z")]
    public void What_is_no_time_is_refused(string text) => Assert.That(Timestamp.TryParse(Encoding.ASCII.GetBytes(text), out _), Is.False);
}
