using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration.Checks;

/// <summary>Accounts and injectors: numbers that differ, streams and pools that exist and fit.</summary>
internal static class AccountChecks
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    public static void Run(Draft draft)
    {
        Numbers(draft);
        var numbers = new Dictionary<int, string>();
        foreach (var (name, account) in draft.Options.Accounts)
        {
            var path = JsonPath.Root["accounts"][name];
            if (account.Number != 0 && !numbers.TryAdd(account.Number, name))
            {
                draft.Report.Add(path["number"], $"{account.Number} is the number of account '{numbers[account.Number]}' already");
            }

            foreach (var (stream, options) in account.Streams)
            {
                Stream(draft, path["streams"][stream], name, options);
            }

            if (account.DefaultStream is { } preset)
            {
                draft.Known(path["defaultStream"], "stream", preset, account.Streams.Keys);
            }

            Credentials(draft, path["credentials"], account);
            Zone(draft, path["timeZone"], account.TimeZone);
            if (account.Quota is { } quota && quota.Per > TimeSpan.Zero && (quota.Per < OneDay ? OneDay.Ticks % quota.Per.Ticks : quota.Per.Ticks % OneDay.Ticks) != 0)
            {
                draft.Report.Add(path["quota"]["per"], "expected a duration that divides a day, or whole days");
            }
        }

        Zone(draft, JsonPath.Root["timeZone"], draft.Options.TimeZone);
        Injectors(draft);
    }

    // Those without a number get one from their name: suppressions and tokens know them by it.
    private static void Numbers(Draft draft)
    {
        var accounts = new Dictionary<uint, string>();
        foreach (var (name, account) in draft.Options.Accounts.Where(account => account.Value.Number == 0))
        {
            var path = JsonPath.Root["accounts"][name];
            if (!accounts.TryAdd(StreamKey.NumberOf(name, 0), name))
            {
                draft.Report.Add(path["number"], $"'{name}' and '{accounts[StreamKey.NumberOf(name, 0)]}' have the same digest, by which suppressions know them: give one of them a 'number'");
            }
        }

        foreach (var (name, account) in draft.Options.Accounts)
        {
            var streams = new Dictionary<ushort, string>();
            foreach (var stream in account.Streams.Keys)
            {
                if (!streams.TryAdd(StreamKey.NumberOf(stream), stream))
                {
                    draft.Report.Add(
                        JsonPath.Root["accounts"][name]["streams"][stream],
                        $"'{stream}' and '{streams[StreamKey.NumberOf(stream)]}' have the same digest, by which suppressions know them: rename one of them");
                }
            }
        }
    }

    private static void Zone(Draft draft, JsonPath path, string? zone)
    {
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            draft.Report.Add(path, $"expected an IANA time zone such as \"UTC\" or \"Europe/Berlin\", found \"{zone}\"");
        }
    }

    private static void Stream(Draft draft, JsonPath path, string account, StreamOptions stream)
    {
        if (stream.Pool is not { } name)
        {
            return;
        }

        if (!draft.Options.Pools.TryGetValue(name, out var pool))
        {
            draft.Known(path["pool"], "pool", name, draft.Options.Pools.Keys);
        }
        else if (pool.Class != stream.Class)
        {
            var (its, ours) = (Spelling.Of(pool.Class), Spelling.Of(stream.Class));
            draft.Report.Add(path["pool"], $"the pool '{name}' is {its}, the stream is {ours}: classes never share a source");
        }
        else if (pool.ExclusiveTo.Count > 0 && !pool.ExclusiveTo.Contains(account))
        {
            draft.Report.Add(path["pool"], $"the pool '{name}' is exclusive to {string.Join(", ", pool.ExclusiveTo)}");
        }
    }

    private static void Credentials(Draft draft, JsonPath path, AccountOptions account)
    {
        foreach (var (name, credential) in account.Credentials)
        {
            for (var index = 0; index < credential.Streams.Count; index++)
            {
                draft.Known(path[name]["streams"][index], "stream", credential.Streams[index], account.Streams.Keys);
            }
        }
    }

    private static void Injectors(Draft draft)
    {
        foreach (var (name, injector) in draft.Options.Injectors)
        {
            for (var index = 0; index < injector.ActFor.Count; index++)
            {
                if (injector.ActFor[index] != "*")
                {
                    draft.KnownAccount(JsonPath.Root["injectors"][name]["actFor"][index], injector.ActFor[index]);
                }
            }
        }
    }
}
