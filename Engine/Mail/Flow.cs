namespace Engine.Mail;

/// <summary>What recipients have in common that fairness and limits ask for. The queue interns it: equal flows are one object while any recipient uses it.</summary>
internal sealed record Flow(StreamClass Class, string Account, string Stream, string Campaign, DomainName SenderDomain, string Pool);
