using Engine.Mail;

namespace Engine.Queue;

/// <summary>A recipient that an operator ended while it was in flight.</summary>
/// <param name="Id">The message.</param>
/// <param name="Index">The recipient.</param>
/// <param name="End">Bounced or Cancelled.</param>
internal readonly record struct LateEnd(MessageId Id, ushort Index, EndKind End);
