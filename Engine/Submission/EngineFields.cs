using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>The X-Engine fields of one message. They steer the engine and never leave it.</summary>
internal sealed class EngineFields
{
    public const string AccountName = "X-Engine-Account";
    public const string StreamName = "X-Engine-Stream";
    public const string SendAtName = "X-Engine-Send-At";
    public const string GiveUpName = "X-Engine-Give-Up";
    public const string PoolName = "X-Engine-Pool";

    /// <summary>Of a message without any; never written to.</summary>
    public static readonly EngineFields None = new();

    private const string CampaignName = "X-Engine-Campaign";
    private const string EngagementName = "X-Engine-Engagement";
    private const string TagName = "X-Engine-Tag";
    private const int MaxTags = 10;
    private const int MaxValue = 128;

    private readonly List<string> _tags = [];
    private string? _account;
    private string? _stream;
    private string? _campaign;
    private string? _pool;
    private Engagement? _engagement;

    /// <summary>Name of the first one found; null when there is none.</summary>
    public string? First { get; private set; }

    public string? Account => _account;

    public string? Stream => _stream;

    public string? Campaign => _campaign;

    public string? Pool => _pool;

    /// <summary>Null where the message says nothing of it.</summary>
    public Engagement? Engagement => _engagement;

    public DateTimeOffset? SendAt { get; private set; }

    public TimeSpan? GiveUp { get; private set; }

    public IReadOnlyList<string> Tags => _tags;

    public static bool Owns(ReadOnlySpan<byte> name) => name.Length > 9 && Ascii.EqualsIgnoreCase(name[..9], "X-Engine-"u8);

    /// <summary>Takes one field; null when it is good, else what to tell the client.</summary>
    /// <param name="name">Printable ASCII, as <see cref="HeaderField"/> grants it.</param>
    /// <param name="value">Folding and all.</param>
    public string? Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var field = Encoding.ASCII.GetString(name[..Math.Min(name.Length, 64)]);
        First ??= field;
        var text = value.Trim(" \t\r\n"u8);
        if (text.Length is 0 or > MaxValue || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return $"{field} needs a value of up to {MaxValue} printable ASCII characters without blanks";
        }

        return Take(field, Encoding.ASCII.GetString(text));
    }

    private string? Take(string field, string text)
    {
        if (Is(field, TagName))
        {
            _tags.Add(text);
            return _tags.Count > MaxTags ? $"{TagName} may stand up to {MaxTags} times" : null;
        }

        if (Is(field, SendAtName))
        {
            var isTime = TryReadTime(text, out var time) && SendAt is null;
            SendAt = isTime ? time : SendAt;
            return isTime ? null : $"{SendAtName} needs one RFC 3339 time, like 2026-11-22T08:00:00Z";
        }

        if (Is(field, GiveUpName))
        {
            var isDuration = Units.TryParseDuration(text, out var duration) && duration > TimeSpan.Zero && GiveUp is null;
            GiveUp = isDuration ? duration : GiveUp;
            return isDuration ? null : $"{GiveUpName} needs one duration, like 15m";
        }

        return Is(field, EngagementName) ? TakeEngagement(text) : TakeName(field, text);
    }

    private string? TakeEngagement(string text)
    {
        var isSecond = _engagement is not null;
        _engagement = text switch
        {
            "high" => Mail.Engagement.High,
            "normal" => Mail.Engagement.Normal,
            "low" => Mail.Engagement.Low,
            _ => null,
        };
        return isSecond || _engagement is null ? $"{EngagementName} needs one of high, normal and low" : null;
    }

    private string? TakeName(string field, string text)
    {
        if (Is(field, "X-Engine-Idempotency-Key"))
        {
            return $"{field} is not supported by this version";
        }

        ref var slot = ref _account;
        switch (field)
        {
            case var _ when Is(field, AccountName):
                break;
            case var _ when Is(field, StreamName):
                slot = ref _stream;
                break;
            case var _ when Is(field, CampaignName):
                slot = ref _campaign;
                break;
            case var _ when Is(field, PoolName):
                slot = ref _pool;
                break;
            default:
                return $"{field} is not known";
        }

        if (slot is not null)
        {
            return $"{field} may stand once";
        }

        slot = text;
        return null;
    }

    private static bool Is(string field, string name) => string.Equals(field, name, StringComparison.OrdinalIgnoreCase);

    // RFC 3339 §5.6: a zone is part of it; .NET would guess one.
    private static bool TryReadTime(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length >= 20
            && text[10] is 'T' or 't'
            && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
    }
}
