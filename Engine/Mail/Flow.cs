namespace Engine.Mail;

/// <summary>What recipients have in common that fairness and limits ask for. The queue interns it: equal flows are one object while any recipient uses it.</summary>
internal sealed record Flow(StreamClass Class, string Account, string Stream, string Campaign, DomainName SenderDomain, string Pool)
{
    /// <summary>Addresses that warm up take the engaged first.</summary>
    public Engagement Engagement { get; init; }

    /// <summary>The sender's domain is that of the From header; of the envelope where that cannot be read.</summary>
    public static Flow Of(Envelope envelope) => new(
        envelope.Class,
        envelope.Account,
        envelope.Stream,
        envelope.Campaign,
        envelope.HeaderFrom.IsEmpty ? envelope.Sender.Domain : envelope.HeaderFrom,
        envelope.Pool)
    {
        Engagement = envelope.Engagement,
    };
}
