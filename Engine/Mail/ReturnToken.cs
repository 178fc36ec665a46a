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
    /// <summary>Which campaign of the account: <see cref="CampaignOf"/>. Brakes know by it what a complaint is about.</summary>
    public ushort Campaign { get; init; }

    /// <summary>A mark of a campaign's name; 0 for none. No secret, and two may share one: it only finds a campaign among those of an account.</summary>
    public static ushort CampaignOf(string campaign)
    {
        // FNV-1a, folded.
        var hash = 2_166_136_261u;
        foreach (var letter in campaign)
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return campaign.Length == 0 ? (ushort)0 : (ushort)(1 + ((hash ^ (hash >> 16)) % ushort.MaxValue));
    }

    public static ushort DayOf(DateTimeOffset now) => (ushort)Math.Clamp((now - MessageId.Epoch).TotalDays, 0, ushort.MaxValue);
}
