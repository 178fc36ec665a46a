using Engine.Mail;

namespace Engine.Reputation.Score;

/// <summary>One open or click, as it was told.</summary>
/// <param name="Address">Who.</param>
/// <param name="At">When; null when nothing was said: now.</param>
/// <param name="Account">Whose mail; null when nothing was said.</param>
internal readonly record struct EngagementMark(Mailbox Address, DateTimeOffset? At, string? Account);
