using Engine.Mail;

namespace Engine.Queue;

/// <summary>Which queued recipients are meant. What is null asks for nothing; all that is given must hold.</summary>
internal sealed record RecipientSelector
{
    /// <summary>Every recipient.</summary>
    public static readonly RecipientSelector All = new();

    /// <summary>Messages by id; one element may be met by any.</summary>
    public IReadOnlyList<MessageId>? Ids { get; init; }

    /// <summary>No others than these; give <see cref="Ids"/> too, or every slot is looked at.</summary>
    public IReadOnlySet<(MessageId Id, ushort Index)>? Exactly { get; init; }

    /// <summary>Envelope sender: an address, <c>@domain</c>, or <c>&lt;&gt;</c>. Reads envelopes.</summary>
    public string? From { get; init; }

    /// <summary>Recipient: an address or <c>@domain</c>. Reads envelopes when it is an address.</summary>
    public string? To { get; init; }

    /// <summary>Recipient domain; with a leading dot its subdomains.</summary>
    public string? Domain { get; init; }

    public string? Account { get; init; }

    public string? Stream { get; init; }

    public StreamClass? Class { get; init; }

    public string? Campaign { get; init; }

    public string? Pool { get; init; }

    public RecipientState? State { get; init; }

    /// <summary>Waiting and tried before (deferred), or waiting and never tried (scheduled); null for both.</summary>
    public bool? Tried { get; init; }

    /// <summary>Of the last failure.</summary>
    public Category? Category { get; init; }

    /// <summary>Accepted before.</summary>
    public DateTimeOffset? Older { get; init; }

    /// <summary>Accepted after.</summary>
    public DateTimeOffset? Newer { get; init; }

    /// <summary>At most so many; null for no bound.</summary>
    public int? Limit { get; init; }

    /// <summary>True when it asks for nothing, so that it means every recipient.</summary>
    public bool IsEmpty => this with { Limit = null } == All;

    /// <summary>Whether the envelope is needed to decide.</summary>
    public bool NeedsEnvelope => From is not null || (To is not null && !To.StartsWith('@'));

    /// <summary>Decides by what the index knows.</summary>
    public bool Matches(in QueuedRecipient recipient, Flow flow, DomainName domain) =>
        (State is null || State == recipient.State)
        && (Tried is null || Tried == recipient.Attempts > 0)
        && (Category is null || Category == recipient.Category)
        && (Older is null || recipient.Accepted < Older)
        && (Newer is null || recipient.Accepted > Newer)
        && (Ids is null || Ids.Contains(recipient.Id))
        && (Exactly is null || Exactly.Contains((recipient.Id, recipient.Index)))
        && (Class is null || Class == flow.Class)
        && IsOrNull(Account, flow.Account)
        && IsOrNull(Stream, flow.Stream)
        && IsOrNull(Campaign, flow.Campaign)
        && IsOrNull(Pool, flow.Pool)
        && (Domain is null || IsDomain(Domain, domain))
        && (To is null || !To.StartsWith('@') || IsDomain(To[1..], domain));

    /// <summary>Decides by the envelope's addresses.</summary>
    public bool MatchesAddresses(string sender, string address) =>
        (From is null || IsAddress(From, sender))
        && (To is null || To.StartsWith('@') || IsAddress(To, address));

    private static bool IsOrNull(string? asked, string found) => asked is null || string.Equals(asked, found, StringComparison.Ordinal);

    private static bool IsDomain(string asked, DomainName found)
    {
        if (asked.StartsWith('.'))
        {
            return DomainName.TryParse(asked[1..], out var parent) && found.IsBelow(parent);
        }

        return DomainName.TryParse(asked, out var domain) && found == domain;
    }

    // Addresses are asked for by people: case is not told apart.
    private static bool IsAddress(string asked, string found) => asked switch
    {
        "<>" => found.Length == 0,
        ['@', ..] => found.EndsWith(asked, StringComparison.OrdinalIgnoreCase),
        _ => string.Equals(asked, found, StringComparison.OrdinalIgnoreCase),
    };
}
