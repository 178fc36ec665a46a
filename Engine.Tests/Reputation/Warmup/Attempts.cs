using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Warmup;

namespace Engine.Tests.Reputation.Warmup;

/// <summary>Books, and attempts to feed them.</summary>
internal static class Attempts
{
    public const string Source = "a1";
    public const string Gmail = "google";

    public static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static WarmupBook Book(WarmupPlanOptions? plan = null, string zone = "UTC", int start = 1, Dictionary<string, int>? caps = null) =>
        new(WarmupSubject.Source, Setup(plan, zone, start, caps));

    public static WarmupSetup Setup(WarmupPlanOptions? plan = null, string zone = "UTC", int start = 1, Dictionary<string, int>? caps = null) =>
        WarmupSetup.OfSources(Options(plan, zone, start), caps ?? []);

    public static EngineOptions Options(WarmupPlanOptions? plan = null, string zone = "UTC", int start = 1) => new()
    {
        TimeZone = zone,
        WarmupPlans = plan is null ? [] : new Dictionary<string, WarmupPlanOptions> { ["own"] = plan },
        Sources = new Dictionary<string, SourceOptions>
        {
            [Source] = new() { Address = "192.0.2.1", Warmup = new WarmupOptions { Plan = plan is null ? WarmupOptions.FourteenDays : "own", Start = start } },
            ["warm"] = new() { Address = "192.0.2.2" },
        },
    };

    public static Observation Of(DateTimeOffset at, ObservationKind kind = ObservationKind.Delivered, CategoryClass blame = CategoryClass.Soft, string category = "rate_ip", string source = Source, string of = Gmail) => new()
    {
        At = at,
        Source = source,
        Operator = of,
        SenderDomain = "acme.example",
        Account = "acme",
        Campaign = "spring",
        Class = StreamClass.Marketing,
        Kind = kind,
        CategoryClass = blame,
        Category = kind is ObservationKind.Delivered ? default : new Category(category),
        Actions = [],
    };

    /// <summary>A day of mail at noon: so many delivered, deferred for the sender's sake, hard.</summary>
    public static void Day(this WarmupBook book, DateTimeOffset day, int delivered, int deferred = 0, int hard = 0, int complaints = 0)
    {
        var noon = day + TimeSpan.FromHours(12);
        for (var index = 0; index < delivered; index++)
        {
            book.Observe(Of(noon));
        }

        for (var index = 0; index < hard; index++)
        {
            book.Observe(Of(noon, ObservationKind.Failed, CategoryClass.Hard, "bad_recipient"));
        }

        for (var index = 0; index < deferred; index++)
        {
            book.Observe(Of(noon, ObservationKind.Deferred, CategoryClass.Throttle));
        }

        for (var index = 0; index < complaints; index++)
        {
            book.Complain(Source, Gmail, noon);
        }
    }

    public static List<WarmupChange> Turn(this WarmupBook book, DateTimeOffset now)
    {
        var changes = new List<WarmupChange>();
        book.Tick(now, changes);
        return changes;
    }

    public static WarmupAllowance Now(this WarmupBook book, DateTimeOffset now) => book.Of(Source, Gmail, now);

    public static DateTimeOffset DayNumber(int day) => Start.AddDays(day);
}
