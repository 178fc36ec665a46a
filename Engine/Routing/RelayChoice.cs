using Engine.Mail;

namespace Engine.Routing;

/// <summary>Says whether a recipient that is due goes by a relay, and by which.</summary>
/// <remarks>
/// No I/O and no state of its own. In this order:
/// <list type="number">
/// <item>In doubt at a relay (the final dot went unanswered): that relay or none, until its <c>giveUp</c>; then it has expired.</item>
/// <item>In doubt at its receiver: no relay before the third attempt, for a second copy by another way is the likelier harm.</item>
/// <item><c>never</c> of a relay wins over everything below.</item>
/// <item>The relay that <c>onEmpty</c> of the pool names, when the pool has no source that may send.</item>
/// <item>The first relay, in the order written, one of whose <c>when</c> holds: the recipient failed once at least, is of a class that the relay takes, old enough,
/// and its last category is in the list. Age only grows and nothing a relay answers changes the category, so who goes by a relay stays with it.</item>
/// </list>
/// A relay is passed over once <c>giveUp</c> is past or while it is closed: paused for trouble, or its quota used up. A recipient that a relay
/// refused for good has ended, so none is offered to it twice.
/// </remarks>
/// <param name="table">The relays.</param>
/// <param name="ledger">What is left of their quotas, and who is paused.</param>
internal readonly struct RelayChoice(RelayTable table, RelayLedger ledger)
{
    private const int MaxDoubt = 2;

    public RelayDecision Decide(in RelayCase asked, DateTimeOffset now)
    {
        if (table.All.Count == 0)
        {
            return default;
        }

        if (Relay.NameIn(asked.Category) is { } bound)
        {
            return Stay(table.Find(bound), asked, now);
        }

        if (asked is { IsUncertain: true, Attempts: < MaxDoubt })
        {
            return default;
        }

        if (asked.OnEmpty is { } name && table.Find(name) is { } direct && IsOpen(direct, asked, now))
        {
            return new RelayDecision(RelayVerdict.Send, direct, "onEmpty");
        }

        foreach (var relay in table.All)
        {
            if (Condition(relay, asked) is var index and >= 0 && IsOpen(relay, asked, now))
            {
                return new RelayDecision(RelayVerdict.Send, relay, $"relays.{relay.Name}.when[{index}]");
            }
        }

        return default;
    }

    /// <summary>
    /// The age at which a recipient that has just failed should be looked at again because a relay will take it then: its retry schedule may
    /// lie far beyond. Its present age when a relay takes it at once and did not before; null when the schedule is as good.
    /// </summary>
    /// <param name="before">As it was before the attempt.</param>
    /// <param name="after">With the new category, and the attempt counted.</param>
    /// <param name="now">The time.</param>
    public TimeSpan? LookAgainAt(in RelayCase before, in RelayCase after, DateTimeOffset now)
    {
        if (Decide(after, now).Verdict is RelayVerdict.Send)
        {
            // It failed although a relay was there for it: then that one was in trouble, and looking at once would go round in circles.
            return Decide(before, now).Verdict is RelayVerdict.None ? after.Age : null;
        }

        TimeSpan? next = null;
        foreach (var relay in table.All)
        {
            foreach (var condition in relay.Options.When)
            {
                var later = after with { Age = condition.Age };
                var isNext = condition.Age > after.Age && (next is null || condition.Age < next);
                next = isNext && Condition(relay, later) >= 0 && IsTaken(relay, later) ? condition.Age : next;
            }
        }

        return next;
    }

    // A relay that left the configuration cannot be asked: a second copy by another way is better than none.
    private RelayDecision Stay(Relay? relay, in RelayCase asked, DateTimeOffset now)
    {
        var verdict = relay switch
        {
            null => RelayVerdict.None,
            _ when asked.Age >= relay.Options.GiveUp => RelayVerdict.Expired,
            _ when ledger.IsOpen(relay, asked.Pool, now) => RelayVerdict.Send,
            _ => RelayVerdict.Wait,
        };
        return new RelayDecision(verdict, relay, "relay.doubt");
    }

    private bool IsOpen(Relay relay, in RelayCase asked, DateTimeOffset now) => IsTaken(relay, asked) && ledger.IsOpen(relay, asked.Pool, now);

    private static bool IsTaken(Relay relay, in RelayCase asked) =>
        asked.Age < relay.Options.GiveUp && relay.Options.Class.Contains(asked.Class) && !Has(relay.Options.Never, asked.Category);

    private static int Condition(Relay relay, in RelayCase asked)
    {
        var conditions = relay.Options.When;
        for (var index = 0; index < conditions.Count && asked.Attempts > 0; index++)
        {
            var condition = conditions[index];
            if (asked.Age >= condition.Age && (condition.Categories.Count == 0 || Has(condition.Categories, asked.Category)))
            {
                return index;
            }
        }

        return -1;
    }

    private static bool Has(IReadOnlyList<string> categories, Category category) => category.Id is { } id && categories.Contains(id);
}
