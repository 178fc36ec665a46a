namespace Engine.Mail;

/// <summary>
/// What a token says. It stands alone: any host of a fleet with the keys can act on it, long after the message has left the queue.
/// </summary>
/// <param name="Purpose">What it is good for.</param>
/// <param name="Id">The message; its node is in it.</param>
/// <param name="Recipient">The recipient; default where the token is for a whole message (<c>verp: message</c>).</param>
/// <param name="Stream">The account and stream that sent it.</param>
/// <param name="Day">When it was made, in days since <see cref="MessageId.Epoch"/>, UTC.</param>
internal readonly record struct ReturnToken(TokenPurpose Purpose, MessageId Id, AddressDigest Recipient, StreamKey Stream, ushort Day)
{
    public static ushort DayOf(DateTimeOffset now) => (ushort)Math.Clamp((now - MessageId.Epoch).TotalDays, 0, ushort.MaxValue);
}
