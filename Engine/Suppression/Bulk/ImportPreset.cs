using Engine.Mail;

namespace Engine.Suppression.Bulk;

/// <summary>What a line means that does not say it.</summary>
/// <param name="Scope">Of lines without scope, account and stream.</param>
/// <param name="Reason">Of lines without a reason.</param>
/// <param name="Expires">Of lines without an end, counted from their addition; null for ever.</param>
internal sealed record ImportPreset(SuppressionScope Scope, SuppressionReason Reason = SuppressionReason.Manual, TimeSpan? Expires = null);
