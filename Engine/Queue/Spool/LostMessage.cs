using Engine.Mail;

namespace Engine.Queue.Spool;

/// <summary>A message that was there and cannot be read any more.</summary>
/// <param name="Id">Default when the damage took it.</param>
/// <param name="Recipients">As far as they can still be read; a damaged frame may say anything.</param>
/// <param name="Place">File and octet.</param>
/// <param name="Reason">What is wrong.</param>
internal sealed record LostMessage(MessageId Id, IReadOnlyList<string> Recipients, string Place, string Reason);
