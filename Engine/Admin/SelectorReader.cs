using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Admin;

/// <summary>Reads selectors by the names the command line gives them.</summary>
internal static class SelectorReader
{
    /// <exception cref="BadRequestException">A key is unknown or its value is none.</exception>
    public static RecipientSelector Read(IEnumerable<KeyValuePair<string, string>> pairs, DateTimeOffset now)
    {
        var selector = RecipientSelector.All;
        foreach (var (key, value) in pairs)
        {
            selector = key switch
            {
                "id" => selector with { Ids = [IdOf(value)] },
                "from" => selector with { From = value },
                "to" => selector with { To = value },
                "domain" => selector with { Domain = value },
                "account" => selector with { Account = value },
                "stream" => selector with { Stream = value },
                "class" => selector with { Class = EnumOf<StreamClass>(key, value) },
                "campaign" => selector with { Campaign = value },
                "pool" => selector with { Pool = value },
                "state" => selector with { State = EnumOf<RecipientState>(key, value) },
                "category" => selector with { Category = new Category(value) },
                "older" => selector with { Older = now - SpanOf(key, value) },
                "newer" => selector with { Newer = now - SpanOf(key, value) },
                "limit" => selector with { Limit = CountOf(key, value) },
                _ => throw new BadRequestException($"'{key}' is no selector"),
            };
        }

        return selector;
    }

    public static MessageId IdOf(string text) =>
        MessageId.TryParse(text, out var id) ? id : throw new BadRequestException($"'{text}' is no message id: 13 characters");

    public static TimeSpan SpanOf(string key, string text) =>
        Units.TryParseDuration(text, out var span) ? span : throw new BadRequestException($"{key}: '{text}' is no duration such as 30m, 2h or 3d");

    private static int CountOf(string key, string text) =>
        int.TryParse(text, out var count) && count > 0 ? count : throw new BadRequestException($"{key}: '{text}' is no number above 0");

    private static T EnumOf<T>(string key, string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw new BadRequestException($"{key}: '{text}' is none of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
}
