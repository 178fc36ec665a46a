using Engine.Configuration;
using Engine.Reputation.Blocklists;
using static Engine.Tests.Reputation.Blocklists.SampleLists;

namespace Engine.Tests.Reputation.Blocklists;

internal sealed class ListingBookTests
{
    private static readonly Blocklist List = Make("list.example");

    private static readonly string[] Four = ["s1", "s2", "s3", "s4"];

    private readonly List<string> _told = [];

    private DateTimeOffset _now = Start;

    [Test]
    public void One_answer_is_a_suspicion_and_a_second_one_a_listing()
    {
        var book = Book();

        Assert.That(Take(book, 1, Hit), Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(_told, Is.Empty);
        Assert.That(Take(book, 1, Hit, 5), Is.Null);
        Assert.That(_told, Is.EqualTo(new[] { "5 Listed s1", "5 Quarantined s1" }));
        Assert.That(book.Standings()["s1"].Single(), Is.EqualTo(new Standing(0, List.Affects, "list.example", "127.0.0.2 spam", _now, "https://list.example/remove")));
    }

    [Test]
    public void A_clean_answer_ends_a_suspicion()
    {
        var book = Book();
        Take(book, 1, Hit);
        Take(book, 1, Clean, 5);
        Take(book, 1, Hit, 5);

        Assert.That(_told, Is.Empty);
        Assert.That(book.Listings.Single().State, Is.EqualTo(ListingState.Suspected));
    }

    [TestCase(ListVerdict.NoAnswer)]
    [TestCase(ListVerdict.Refused)]
    [TestCase(ListVerdict.Foreign)]
    public void Silence_and_refusals_say_nothing(ListVerdict verdict)
    {
        var book = Listed(1);
        for (var turn = 0; turn < 30; turn++)
        {
            Take(book, 1, new ListAnswer(verdict, "x", TimeSpan.Zero), 60);
            Take(book, 2, new ListAnswer(verdict, "x", TimeSpan.Zero));
        }

        Assert.That(_told, Is.Empty);
        Assert.That(book.Listings.Single().State, Is.EqualTo(ListingState.Listed));
    }

    [Test]
    public void Three_clean_answers_over_ten_minutes_end_a_listing_and_the_source_comes_back_by_steps()
    {
        var book = Listed(1);
        Assert.That(Take(book, 1, Clean, 45), Is.EqualTo(TimeSpan.FromMinutes(5)));
        Take(book, 1, Clean, 300);
        Take(book, 1, Clean, 299);
        Assert.That(_told, Is.Empty, "three answers, but 599 seconds");
        Take(book, 1, Clean, 1);
        Assert.That(_told, Is.EqualTo(new[] { "650 Delisted s1", "650 Returning s1 0.1" }));

        Assert.That(Shares(book, 90 * 60, 90 * 60), Is.EqualTo(new[] { "0.25", "0.5" }));
        Pass(book, 60 * 60);
        Assert.That(book.Standings(), Is.Empty);
        Assert.That(_told[^1], Is.EqualTo("15050 Restored s1"));
        Assert.That(book.Listings, Is.Empty);
    }

    [Test]
    public void A_listed_answer_between_clean_ones_starts_the_count_again()
    {
        var book = Listed(1);
        Take(book, 1, Clean, 300);
        Take(book, 1, Clean, 300);
        Take(book, 1, Hit, 300);
        Take(book, 1, Clean, 300);
        Take(book, 1, Clean, 300);

        Assert.That(_told, Is.Empty);
    }

    [Test]
    public void Who_is_listed_again_on_the_way_back_is_in_quarantine_again()
    {
        var book = Returning(1);
        Take(book, 1, Hit, 60);
        Assert.That(book.Standings()["s1"].Single().Share, Is.EqualTo(0.1));
        Take(book, 1, Hit, 5);

        Assert.That(_told, Is.EqualTo(new[] { "715 Listed s1", "715 Quarantined s1" }));
        Assert.That(book.Standings()["s1"].Single().Share, Is.Zero);
    }

    [Test]
    public void A_pool_keeps_its_share_and_who_stays_is_told_once()
    {
        var book = Book();
        foreach (var source in new[] { 1, 2, 3, 4 })
        {
            Take(book, source, Hit);
            Take(book, source, Hit, 5);
        }

        Assert.That(book.Standings().Keys, Is.EquivalentTo(new[] { "s1", "s2" }));
        Assert.That(_told.Where(line => line.Contains("Kept", StringComparison.Ordinal)), Is.EqualTo(new[] { "15 Kept s3", "20 Kept s4" }));
    }

    [Test]
    public void The_source_with_more_listings_leaves_in_place_of_another()
    {
        var book = Book();
        Array.ForEach([1, 2, 3], source => Confirm(book, source, List));
        _told.Clear();
        Confirm(book, 3, Make("second.example"));

        Assert.That(book.Standings().Keys, Is.EquivalentTo(new[] { "s1", "s3" }));
        Assert.That(_told, Is.EqualTo(new[] { "20 Listed s3", "20 Restored s2", "20 Kept s2", "20 Quarantined s3", "20 Quarantined s3" }));
    }

    [Test]
    public void With_alert_nobody_leaves()
    {
        var book = Book(ListingAction.Alert);
        Confirm(book, 1, List);

        Assert.That(book.Standings(), Is.Empty);
        Assert.That(_told, Is.EqualTo(new[] { "5 Listed s1", "5 Kept s1" }));
    }

    [Test]
    public void A_list_that_affects_nobody_and_a_domain_only_alert()
    {
        var book = Book();
        Confirm(book, 1, Make("minor.example", ListWeight.Minor, affects: ""));
        var domains = Make("domains.example", kind: ListKind.Domain, affects: "");
        book.Take(new ListSubject(string.Empty, "acme.example"), domains, Hit, _now, mayConfirm: true);
        book.Take(new ListSubject(string.Empty, "acme.example"), domains, Hit, _now, mayConfirm: true);
        Decide(book);

        Assert.That(book.Standings(), Is.Empty);
        Assert.That(_told, Is.EqualTo(new[] { "5 Listed s1", "5 Listed acme.example" }));
    }

    [Test]
    public void A_place_on_an_allow_list_is_watched_and_its_loss_told()
    {
        var book = Book();
        var white = Make("white.example", ListWeight.White);
        Confirm(book, 1, white);
        Assert.That(_told, Is.EqualTo(new[] { "5 PlaceHeld s1" }));
        _told.Clear();
        foreach (var wait in new[] { 300, 300, 300 })
        {
            Take(book, 1, Clean, wait, white);
        }

        Assert.That(_told, Is.EqualTo(new[] { "905 PlaceLost s1" }));
        Assert.That(book.Standings(), Is.Empty);
    }

    [Test]
    public void A_worthless_list_takes_its_listings_with_it_and_sources_are_back_in_full()
    {
        var book = Listed(1);
        Take(book, 2, Hit);
        book.Void(List, "wildcard", _now);
        Decide(book);

        Assert.That(book.Listings, Is.Empty);
        Assert.That(book.Standings(), Is.Empty);
        Assert.That(_told, Is.EqualTo(new[] { "5 Delisted s1", "5 Restored s1" }));
    }

    [Test]
    public void A_listing_of_which_nothing_is_heard_for_a_day_goes()
    {
        var book = Listed(1);
        Assert.That(book.NextAt(), Is.EqualTo(_now.AddHours(24)));
        Pass(book, (24 * 3600) - 1);
        Assert.That(_told, Is.Empty);
        Pass(book, 1);

        Assert.That(_told, Is.EqualTo(new[] { "86405 Delisted s1", "86405 Returning s1 0.1" }));
    }

    [Test]
    public void State_survives_a_restart_with_the_step_of_the_return()
    {
        var book = Returning(1);
        Pass(book, 3700);
        Confirm(book, 2, List);
        Take(book, 3, Hit);
        var saved = ListingFile.Write(book.Listings);

        var again = Book();
        foreach (var listing in ListingFile.Read(saved, [List], _now))
        {
            again.Restore(listing);
        }

        again.Decide(_now);
        Assert.That(again.TakeChanges(), Is.Empty);
        Assert.That(Text(again), Is.EqualTo(Text(book)).And.EqualTo("s1 0.25, s2 0"));
        Assert.That(again.Listings, Has.Count.EqualTo(2), "a suspicion is not saved");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"version\":2,\"listings\":[]}")]
    [TestCase("[")]
    public void State_that_cannot_be_read_is_none(string text) => Assert.That(ListingFile.Read(System.Text.Encoding.UTF8.GetBytes(text), [List], Start), Is.Empty);

    [Test]
    public void Listings_of_lists_that_are_not_asked_any_more_are_not_read()
    {
        var saved = ListingFile.Write(Listed(1).Listings);

        Assert.That(ListingFile.Read(saved, [Make("other.example")], _now), Is.Empty);
        Assert.That(ListingFile.Read(saved, [List], Start.AddYears(-1)).Single().Since, Is.EqualTo(Start.AddYears(-1)), "a clock set back");
    }

    [TestCase("1 1", "a b c d", 0.5, "s1 s2")]
    [TestCase("1 1", "a b c d", 0.75, "s1")]
    [TestCase("1 1", "a b c d", 1, "")]
    [TestCase("1 1", "a b c d", 0, "s1 s2")]
    [TestCase("1 3", "a b c d", 0.75, "s2")]
    [TestCase("1", "a", 0.5, "")]
    [TestCase("1", "a", 0, "s1")]
    [TestCase("1 1 1", "a b c", 0.5, "s1")]
    public void As_many_leave_as_the_pool_allows_the_most_listed_first(string listings, string pool, double keep, string expected)
    {
        var counts = listings.Split(' ').Select(int.Parse).ToArray();
        var listed = counts.SelectMany((count, index) => Enumerable.Range(0, count).Select(number => new Listing(Source(index + 1), Make($"l{number}.example"), Start.AddSeconds(index))));
        string[] sources = [.. pool.Split(' ').Select((_, index) => $"s{index + 1}")];

        var chosen = QuarantineChoice.Choose(listed.ToLookup(listing => listing.Subject.Source), [sources], keep);

        Assert.That(string.Join(' ', chosen.Order(StringComparer.Ordinal)), Is.EqualTo(expected));
    }

    [Test]
    public void A_source_of_two_pools_leaves_only_if_both_allow_it()
    {
        var listed = new[] { new Listing(Source(1), List, Start) }.ToLookup(listing => listing.Subject.Source);

        Assert.That(QuarantineChoice.Choose(listed, [["s1", "s2"], ["s1"]], 0.5), Is.Empty);
        Assert.That(QuarantineChoice.Choose(listed, [["s1", "s2"], ["s1", "s3"]], 0.5), Has.Count.EqualTo(1));
    }

    private static ListingBook Book(ListingAction action = ListingAction.Quarantine)
    {
        var options = new BlocklistOptions { OnListing = action };
        var book = new ListingBook(options);
        book.Load(options, [Four]);
        return book;
    }

    private static string Text(ListingBook book) =>
        string.Join(", ", book.Standings().OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => FormattableString.Invariant($"{one.Key} {one.Value[0].Share}")));

    private ListingBook Listed(int source)
    {
        var book = Book();
        Confirm(book, source, List);
        _told.Clear();
        return book;
    }

    private ListingBook Returning(int source)
    {
        var book = Listed(source);
        Array.ForEach([45, 300, 300], wait => Take(book, source, Clean, wait));
        _told.Clear();
        return book;
    }

    private void Confirm(ListingBook book, int source, Blocklist list)
    {
        Take(book, source, Hit, 0, list);
        Take(book, source, Hit, 5, list);
    }

    private TimeSpan? Take(ListingBook book, int source, ListAnswer answer, int wait = 0, Blocklist? list = null)
    {
        _now = _now.AddSeconds(wait);
        var again = book.Take(Source(source), list ?? List, answer, _now, mayConfirm: true);
        Decide(book);
        return again;
    }

    private string[] Shares(ListingBook book, params int[] waits) => [.. waits.Select(wait =>
    {
        Pass(book, wait);
        return FormattableString.Invariant($"{book.Standings()["s1"].Single().Share}");
    })];

    private void Pass(ListingBook book, int wait)
    {
        _now = _now.AddSeconds(wait);
        Decide(book);
    }

    private void Decide(ListingBook book)
    {
        book.Decide(_now);
        _told.AddRange(book.TakeChanges().Select(change =>
            FormattableString.Invariant($"{(change.At - Start).TotalSeconds} {change.Kind} {change.Subject.Name}{(change.Kind is ListingChangeKind.Returning ? $" {change.Share}" : string.Empty)}")));
    }
}
