using Engine.Configuration;

namespace Engine.Reputation.Blocklists;

/// <summary>Who is listed where, and which sources are out of service because of it. Pure; not thread-safe.</summary>
/// <remarks>
/// <code>
/// state      listed answer                     clean answer
/// (none)     Suspected, ask again              –
/// Suspected  second in a row: Listed           (none)
/// Listed     stays                             third in a row over at least 10 min: Returning if mail was moved, else (none)
/// Returning  second in a row: Listed           step by step to (none)
/// </code>
/// Silence and refusals change nothing; an entry of which nothing was heard for a day goes as if it were clean. A list that
/// turns out to be worthless takes its listings with it at once. Every change is in <see cref="TakeChanges"/>.
/// </remarks>
internal sealed class ListingBook
{
    /// <summary>Between the first and the second listed answer.</summary>
    public static readonly TimeSpan Confirm = TimeSpan.FromSeconds(5);

    /// <summary>Least time of clean answers before a listing is gone.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    /// <summary>Between clean answers while a listing is going.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromMinutes(5);

    /// <summary>How long a listing stands that is not seen any more because its list does not answer.</summary>
    public static readonly TimeSpan Blind = TimeSpan.FromHours(24);

    private const int Confirmations = 2;
    private const int CleanAnswers = 3;

    private readonly Dictionary<(ListSubject Subject, Blocklist List), Listing> _listings = [];
    private readonly List<ListingChange> _changes = [];
    private BlocklistOptions _options;
    private ReturnLadder _ladder;
    private IReadOnlyList<IReadOnlyList<string>> _pools = [];
    private DateTimeOffset? _next;
    private bool _isStale;

    public ListingBook(BlocklistOptions options) => (_options, _ladder) = (options, new ReturnLadder(options.Return));

    /// <summary>Grows whenever <see cref="Standings"/> may be other than before, or a listing appeared or went.</summary>
    public long Version { get; private set; }

    public IReadOnlyCollection<Listing> Listings => _listings.Values;

    /// <summary>Takes a new configuration; listings stay. Follow with <see cref="Decide"/>.</summary>
    public void Load(BlocklistOptions options, IReadOnlyList<IReadOnlyList<string>> pools) =>
        (_options, _ladder, _pools, _isStale) = (options, new ReturnLadder(options.Return), pools, true);

    /// <summary>Takes an answer.</summary>
    /// <param name="subject">Who was asked about.</param>
    /// <param name="list">Which list, one that counts.</param>
    /// <param name="answer">Judged.</param>
    /// <param name="now">When it came.</param>
    /// <param name="mayConfirm">False while the list itself is in doubt.</param>
    /// <returns>When to ask again out of turn; null for its turn.</returns>
    public TimeSpan? Take(ListSubject subject, Blocklist list, ListAnswer answer, DateTimeOffset now, bool mayConfirm) => answer.Verdict switch
    {
        ListVerdict.Listed => OnListed(Find(subject, list) ?? Add(subject, list, now), answer, now, mayConfirm),
        ListVerdict.NotListed or ListVerdict.Other when Find(subject, list) is { } listing => OnClean(listing, now),
        _ => null,
    };

    /// <summary>How many sources this list names, suspected ones and <paramref name="next"/> included.</summary>
    public int CountWith(Blocklist list, ListSubject next) => 1 + _listings.Values.Count(listing =>
        listing.List == list && listing.Subject != next && listing.Subject.IsSource && listing.State is not ListingState.Returning);

    /// <summary>Whether anything is known about this subject, so that it is to be asked about also when it is idle.</summary>
    public bool Knows(ListSubject subject) => _listings.Values.Any(listing => listing.Subject == subject);

    /// <summary>The list is worthless: what it said is void, and sources are back in full.</summary>
    public void Void(Blocklist list, string reason, DateTimeOffset now)
    {
        foreach (var listing in _listings.Values.Where(listing => listing.List == list).ToList())
        {
            if (listing.State is ListingState.Listed)
            {
                Tell(listing, ListingChangeKind.Delisted, now, reason);
            }

            Remove(listing, now, reason);
        }
    }

    /// <summary>Forgets who is gone: a source taken out of the configuration or given another address, or a list that is not asked any more.</summary>
    public void Keep(Func<Listing, bool> keeps)
    {
        foreach (var listing in _listings.Values.Where(listing => !keeps(listing)).ToList())
        {
            Drop(listing);
        }
    }

    /// <summary>Lets time pass and chooses anew who is in quarantine. Call after answers, and when <see cref="NextAt"/> has come.</summary>
    public void Decide(DateTimeOffset now)
    {
        if (!_isStale && !(_next <= now))
        {
            return;
        }

        foreach (var listing in _listings.Values.ToList())
        {
            Pass(listing, now);
        }

        var weighty = _listings.Values.Where(listing => listing.IsWeighty).ToLookup(listing => listing.Subject.Source);
        var chosen = _options.OnListing is ListingAction.Quarantine ? QuarantineChoice.Choose(weighty, _pools, _options.KeepAtLeast) : [];
        foreach (var listing in weighty.SelectMany(source => source))
        {
            Choose(listing, chosen.Contains(listing.Subject.Source), now);
        }

        Version++;
        _isStale = false;
        _next = _listings.Values.Min(End);
    }

    /// <summary>When time alone changes something; null when it does not.</summary>
    /// <remarks>It may be too early, as answers put the end off; never too late.</remarks>
    public DateTimeOffset? NextAt() => _next;

    /// <summary>What reduces each source, as it now is.</summary>
    public Dictionary<string, Standing[]> Standings() => _listings.Values
        .Where(listing => listing.IsQuarantined)
        .GroupBy(listing => listing.Subject.Source)
        .ToDictionary(source => source.Key, source => source.Select(StandingOf).OrderBy(standing => standing.Share).ToArray(), StringComparer.Ordinal);

    /// <summary>Changes since the last call, in order.</summary>
    public IReadOnlyList<ListingChange> TakeChanges()
    {
        ListingChange[] changes = [.. _changes];
        _changes.Clear();
        return changes;
    }

    /// <summary>Puts back a listing that was saved; no change is told.</summary>
    public void Restore(Listing listing) => (_listings[(listing.Subject, listing.List)], _isStale) = (listing, true);

    private Listing? Find(ListSubject subject, Blocklist list) => _listings.GetValueOrDefault((subject, list));

    private Listing Add(ListSubject subject, Blocklist list, DateTimeOffset now)
    {
        _isStale = true;
        return _listings[(subject, list)] = new Listing(subject, list, now);
    }

    private void Drop(Listing listing)
    {
        _isStale = true;
        _listings.Remove((listing.Subject, listing.List));
    }

    // When time alone ends its state.
    private DateTimeOffset? End(Listing listing) =>
        listing.State is ListingState.Returning ? listing.ReturnSince + _ladder.EndOf(listing.Step) : listing.LastWord + Blind;

    private TimeSpan? OnListed(Listing listing, ListAnswer answer, DateTimeOffset now, bool mayConfirm)
    {
        (listing.LastSeen, listing.Meaning, listing.Ttl, listing.Clean) = (now, answer.Meaning, answer.Ttl, 0);
        if (listing.State is ListingState.Listed)
        {
            return null;
        }

        listing.Hits++;
        if (listing.Hits < Confirmations || !mayConfirm)
        {
            return Confirm;
        }

        (listing.State, listing.Since, listing.Hits, _isStale) = (ListingState.Listed, now, 0, true);
        // In quarantine anew, if it comes to that: the return is over.
        listing.IsQuarantined = false;
        Tell(listing, listing.List.Weight is ListWeight.White ? ListingChangeKind.PlaceHeld : ListingChangeKind.Listed, now);
        return null;
    }

    private TimeSpan? OnClean(Listing listing, DateTimeOffset now)
    {
        listing.Hits = 0;
        if (listing.State is ListingState.Suspected)
        {
            Drop(listing);
            return null;
        }

        if (listing.State is ListingState.Returning)
        {
            return null;
        }

        listing.CleanSince = listing.Clean == 0 ? now : listing.CleanSince;
        listing.Clean++;
        if (listing.Clean < CleanAnswers || now - listing.CleanSince < Settling)
        {
            return Recheck;
        }

        Leave(listing, now, string.Empty);
        return null;
    }

    private void Leave(Listing listing, DateTimeOffset now, string reason)
    {
        Tell(listing, listing.List.Weight is ListWeight.White ? ListingChangeKind.PlaceLost : ListingChangeKind.Delisted, now, reason);
        if (!listing.IsQuarantined)
        {
            Drop(listing);
            return;
        }

        (listing.State, listing.ReturnSince, listing.Step, listing.Hits, _isStale) = (ListingState.Returning, now, 0, 0, true);
        Climb(listing, now);
    }

    private void Pass(Listing listing, DateTimeOffset now)
    {
        if (listing.State is ListingState.Returning)
        {
            var step = _ladder.StepAt(now - listing.ReturnSince);
            if (step > listing.Step)
            {
                listing.Step = step;
                Climb(listing, now);
            }
        }
        else if (now - listing.LastWord >= Blind)
        {
            if (listing.State is ListingState.Listed)
            {
                Leave(listing, now, "the list has not said so for a day");
            }
            else
            {
                Drop(listing);
            }
        }
    }

    private void Climb(Listing listing, DateTimeOffset now)
    {
        if (_ladder.IsOver(listing.Step))
        {
            Remove(listing, now, string.Empty);
        }
        else
        {
            _changes.Add(Change(listing, ListingChangeKind.Returning, now) with { Share = _ladder.ShareAt(listing.Step) });
        }
    }

    // Restored in full, unless another listing still holds the source.
    private void Remove(Listing listing, DateTimeOffset now, string reason)
    {
        Drop(listing);
        if (listing.IsQuarantined && !_listings.Values.Any(other => other.IsQuarantined && other.Subject == listing.Subject))
        {
            Tell(listing, ListingChangeKind.Restored, now, reason);
        }
    }

    private void Choose(Listing listing, bool away, DateTimeOffset now)
    {
        if (away && !listing.IsQuarantined)
        {
            (listing.IsQuarantined, listing.IsKept) = (true, false);
            _changes.Add(Change(listing, ListingChangeKind.Quarantined, now) with { Share = 0 });
        }
        else if (!away && listing.IsQuarantined)
        {
            listing.IsQuarantined = false;
            Tell(listing, ListingChangeKind.Restored, now, "its pool needs it more than the others that are listed");
        }

        if (!away && !listing.IsKept)
        {
            listing.IsKept = true;
            Tell(listing, ListingChangeKind.Kept, now, _options.OnListing is ListingAction.Quarantine ? "its pool may not shrink below keepAtLeast" : "onListing is alert");
        }
    }

    private Standing StandingOf(Listing listing) => new(
        listing.State is ListingState.Returning ? _ladder.ShareAt(listing.Step) : 0,
        listing.List.Affects,
        listing.List.Zone,
        listing.Meaning,
        listing.State is ListingState.Returning ? listing.ReturnSince : listing.Since,
        listing.List.Delisting);

    private void Tell(Listing listing, ListingChangeKind kind, DateTimeOffset now, string reason = "") => _changes.Add(Change(listing, kind, now) with { Reason = reason });

    private static ListingChange Change(Listing listing, ListingChangeKind kind, DateTimeOffset now) => new(kind, now, listing.List)
    {
        Subject = listing.Subject,
        Meaning = listing.Meaning,
        Ttl = listing.Ttl,
    };
}
