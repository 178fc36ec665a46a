using Engine.Mail;

namespace Engine.Reputation;

/// <summary>One thing heard of a sender. What is not known is empty: a complaint's token knows the campaign by a mark only.</summary>
internal readonly record struct SenderNews
{
    public required SenderNewsKind Kind { get; init; }

    public required string Account { get; init; }

    /// <summary>Empty for the unnamed one.</summary>
    public string Stream { get; init; }

    /// <summary>Empty for none: the stream stands for it.</summary>
    public string Campaign { get; init; }

    /// <summary>Where <see cref="Campaign"/> is not known: <see cref="ReturnToken.CampaignOf"/> of it; 0 for none.</summary>
    public ushort CampaignMark { get; init; }

    public required StreamClass Class { get; init; }

    /// <summary>Of the From header; empty when not known.</summary>
    public DomainName SenderDomain { get; init; }

    /// <summary>When it was heard, not when the mail was sent.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>For <see cref="SenderNewsKind.Filtered"/>: the score as a share of the one that rejects, 0 to 1.</summary>
    public double Spam { get; init; }
}
