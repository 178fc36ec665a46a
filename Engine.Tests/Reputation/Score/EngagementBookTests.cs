using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation.Score;
using Engine.Tests.Configuration;

namespace Engine.Tests.Reputation.Score;

internal sealed class EngagementBookTests
{
    private readonly ManualClock _clock = new();

    [TestCase(0, Engagement.High)]
    [TestCase(29, Engagement.High)]
    [TestCase(30, null)]
    [TestCase(89, null)]
    public void An_address_is_engaged_for_thirty_days(int days, Engagement? expected)
    {
        var book = Book();
        book.Mark(Mailbox.Parse("ann@example.com"), _clock.GetUtcNow(), _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromDays(days));

        Assert.That(book.Of(Mailbox.Parse("ann@example.com"), _clock.GetUtcNow()), Is.EqualTo(expected));
        Assert.That(book.Of(Mailbox.Parse("bob@example.com"), _clock.GetUtcNow()), Is.Null);
    }

    [Test]
    public void The_last_time_counts_whatever_the_order()
    {
        var (book, now) = (Book(), _clock.GetUtcNow());
        book.Mark(Mailbox.Parse("ann@example.com"), now, now);
        book.Mark(Mailbox.Parse("ann@example.com"), now - TimeSpan.FromDays(60), now);

        Assert.That(book.Of(Mailbox.Parse("ann@example.com"), now), Is.EqualTo(Engagement.High));
        Assert.That(book.Count, Is.EqualTo(1));
    }

    [Test]
    public void What_is_too_old_is_not_taken_and_what_lies_ahead_counts_as_now()
    {
        var (book, now) = (Book(), _clock.GetUtcNow());
        book.Mark(Mailbox.Parse("old@example.com"), now - TimeSpan.FromDays(90), now);
        book.Mark(Mailbox.Parse("ahead@example.com"), now + TimeSpan.FromDays(400), now);
        Assert.That(book.Count, Is.EqualTo(1));

        _clock.Advance(TimeSpan.FromDays(91));
        book.Forget(_clock.GetUtcNow());
        Assert.That((book.Count, book.Octets), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void A_full_book_gives_up_who_was_engaged_longest_ago()
    {
        var (book, now) = (Book(maxAddresses: 6_400), _clock.GetUtcNow());
        for (var number = 0; number < 6_000; number++)
        {
            book.Mark(Mailbox.Parse($"old{number}@example.com"), now - TimeSpan.FromDays(40), now);
        }

        for (var number = 0; number < 5_000; number++)
        {
            book.Mark(Mailbox.Parse($"new{number}@example.com"), now, now);
        }

        Assert.That(book.Count, Is.LessThanOrEqualTo(6_400));
        Assert.That(Enumerable.Range(0, 5_000).Count(number => book.Of(Mailbox.Parse($"new{number}@example.com"), now) is Engagement.High), Is.EqualTo(5_000));
    }

    [Test]
    public void A_hundred_thousand_are_all_found_and_take_less_than_forty_five_octets_each()
    {
        var (book, now) = (Book(), _clock.GetUtcNow());
        var addresses = Enumerable.Range(0, 100_000).Select(number => Mailbox.Parse($"a{number}@example.com")).ToArray();
        foreach (var address in addresses)
        {
            book.Mark(address, now, now);
        }

        Assert.That(book.Count, Is.EqualTo(100_000));
        Assert.That(addresses.All(address => book.Of(address, now) is Engagement.High));
        Assert.That((double)book.Octets / book.Count, Is.LessThan(45));
    }

    [Test]
    public void A_restart_keeps_snapshot_and_journal()
    {
        using var directory = new TemporaryDirectory();
        var (book, now) = (Book(), _clock.GetUtcNow());
        var file = new EngagementFile(directory["engagement"], _clock);
        book.Mark(Mailbox.Parse("ann@example.com"), now, now);
        file.Save(book);
        book.Mark(Mailbox.Parse("bob@example.com"), now, now);
        file.Save(book);
        book.Mark(Mailbox.Parse("eve@example.com"), now, now);
        file.Save(book);

        Assert.That(File.Exists(directory["engagement.journal"]));
        var again = Book();
        file.Load(again);
        Assert.That(again.Count, Is.EqualTo(3));
        Assert.That(again.Of(Mailbox.Parse("eve@example.com"), now), Is.EqualTo(Engagement.High));
        Assert.That(again.TakePending(out _), Is.Empty, "what was read is not written again");
    }

    [Test]
    public void A_long_journal_becomes_a_snapshot()
    {
        using var directory = new TemporaryDirectory();
        var (book, now) = (Book(), _clock.GetUtcNow());
        var file = new EngagementFile(directory["engagement"], _clock);
        file.Save(book);
        for (var number = 0; number < 80_000; number++)
        {
            book.Mark(Mailbox.Parse($"a{number}@example.com"), now, now);
        }

        file.Save(book);
        Assert.That(File.Exists(directory["engagement.journal"]), Is.False);
        var again = Book();
        file.Load(again);
        Assert.That(again.Count, Is.EqualTo(80_000));
    }

    [Test]
    public void A_journal_cut_off_anywhere_keeps_what_is_whole([Range(1, 60, 3)] int cut)
    {
        using var directory = new TemporaryDirectory();
        var (book, now) = (Book(), _clock.GetUtcNow());
        var file = new EngagementFile(directory["engagement"], _clock);
        file.Save(book);
        foreach (var name in new[] { "ann", "bob" })
        {
            book.Mark(Mailbox.Parse($"{name}@example.com"), now, now);
            file.Save(book);
        }

        var journal = File.ReadAllBytes(directory["engagement.journal"]);
        File.WriteAllBytes(directory["engagement.journal"], journal[..^Math.Min(cut, journal.Length - 21)]);
        var again = Book();
        file.Load(again);
        Assert.That(again.Count, Is.EqualTo(cut <= 22 ? 1 : 0));
    }

    [Test]
    public void A_file_of_another_key_is_passed_over()
    {
        using var directory = new TemporaryDirectory();
        var (book, now) = (Book(), _clock.GetUtcNow());
        book.Mark(Mailbox.Parse("ann@example.com"), now, now);
        new EngagementFile(directory["engagement"], _clock).Save(book);
        var other = new EngagementBook(new EngagementOptions(), address => Digest("other", address));
        new EngagementFile(directory["engagement"], _clock).Load(other);

        Assert.That(other.Count, Is.Zero);
    }

    [Test]
    public void What_is_no_engagement_is_said_to_be()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("engagement", "something else, and long enough");

        Assert.That(() => new EngagementFile(path, _clock).Load(Book()), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Threads_may_mark_and_ask_at_once()
    {
        var (book, now) = (Book(), _clock.GetUtcNow());
        Parallel.For(0, 8, thread =>
        {
            for (var number = 0; number < 5_000; number++)
            {
                book.Mark(Mailbox.Parse($"a{number}@example.com"), now, now);
                _ = book.Of(Mailbox.Parse($"a{number + thread}@example.com"), now);
            }
        });

        Assert.That(book.Count, Is.EqualTo(5_000));
        Assert.That(book.TakePending(out _), Has.Count.EqualTo(5_000));
    }

    private static EngagementBook Book(int maxAddresses = 10_000_000) => new(new EngagementOptions { MaxAddresses = maxAddresses }, address => Digest("key", address));

    private static AddressDigest Digest(string key, Mailbox address)
    {
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), address.Wire.Span);
        return new AddressDigest(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(8)));
    }
}
