using Engine.Mail;

namespace Engine.Reputation;

/// <summary>Hears who sends and what receivers say of lists. Any thread; cheap.</summary>
internal interface IListWatch
{
    /// <summary>An attempt reached a server.</summary>
    void Sent(Source source, DomainName senderDomain);

    /// <summary>A reply refused; it may name a list.</summary>
    void Heard(Source source, DomainName senderDomain, string reply);
}
