using Engine.Mail;

namespace Engine.Reputation.Brakes;

/// <summary>Who is judged: an account, or one of its campaigns or streams; the classes apart.</summary>
/// <param name="Account">Its name.</param>
/// <param name="Kind">What the name below names.</param>
/// <param name="Name">Campaign or stream; empty for an account and for the unnamed stream.</param>
/// <param name="Class">Of its mail.</param>
internal readonly record struct BrakeSubject(string Account, BrakeSubjectKind Kind, string Name, StreamClass Class)
{
    public static BrakeSubject OfAccount(in SenderNews news) => new(news.Account, BrakeSubjectKind.Account, string.Empty, news.Class);

    public static BrakeSubject OfCampaign(in SenderNews news) => string.IsNullOrEmpty(news.Campaign)
        ? new BrakeSubject(news.Account, BrakeSubjectKind.Stream, news.Stream ?? string.Empty, news.Class)
        : new BrakeSubject(news.Account, BrakeSubjectKind.Campaign, news.Campaign, news.Class);
}
