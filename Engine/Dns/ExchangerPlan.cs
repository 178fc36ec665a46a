namespace Engine.Dns;

/// <summary>The exchangers to try, first to last.</summary>
/// <param name="Hosts">Empty when there were none, or when the mail loops back.</param>
/// <param name="LoopsBack">We are the best exchanger of this domain ourselves: a fault of the configuration, here or there. RFC 5321 §5.1.</param>
internal readonly record struct ExchangerPlan(IReadOnlyList<MailExchanger> Hosts, bool LoopsBack);
