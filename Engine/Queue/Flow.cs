using Engine.Mail;

namespace Engine.Queue;

/// <summary>What recipients have in common that fairness and limits ask for. Interned: equal flows have one number while any recipient uses it.</summary>
internal sealed record Flow(StreamClass Class, string Account, string Stream, string Campaign, DomainName SenderDomain, string Pool);
