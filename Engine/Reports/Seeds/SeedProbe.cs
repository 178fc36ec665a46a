using Engine.Mail;

namespace Engine.Reports.Seeds;

/// <summary>A probe that was sent and not found yet.</summary>
/// <param name="Token">Stands in its header; nobody can guess it.</param>
/// <param name="Pool">The pool it leaves by; empty for the default pool.</param>
/// <param name="Id">The queue's id.</param>
/// <param name="Sent">When our intake took it.</param>
internal sealed record SeedProbe(string Token, string Pool, MessageId Id, DateTimeOffset Sent);
