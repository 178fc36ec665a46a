using System.Globalization;
using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Admin;

/// <summary>Reads scopes as operators name them, and names them as they do.</summary>
internal static class SuppressionScopes
{
    /// <exception cref="BadRequestException">It names nothing, or nothing that is there.</exception>
    public static SuppressionScope Read(Snapshot snapshot, string? scope, string? account, string? stream, string? mailClass)
    {
        var only = mailClass switch
        {
            null or "" => default(StreamClass?),
            "transactional" => StreamClass.Transactional,
            "marketing" => StreamClass.Marketing,
            _ => throw new BadRequestException($"class '{mailClass}': say transactional or marketing"),
        };
        return (scope ?? (stream is not null ? "stream" : account is not null ? "account" : "global")) switch
        {
            "global" when account is null && stream is null => SuppressionScope.Global with { Class = only },
            "account" when account is not null && stream is null => SuppressionScope.OfAccount(KeyOf(snapshot, account, null), only),
            "stream" when account is not null => SuppressionScope.OfStream(KeyOf(snapshot, account, stream ?? string.Empty)) with { Class = only },
            "global" => throw new BadRequestException("scope global goes without account and stream"),
            "account" => throw new BadRequestException("scope account needs an account, and no stream"),
            "stream" => throw new BadRequestException("scope stream needs an account and a stream"),
            var other => throw new BadRequestException($"scope '{other}': say global, account or stream"),
        };
    }

    /// <summary>Every scope in which mail of the account could be kept back, with its name; without an account those of all mail.</summary>
    public static IEnumerable<(string Name, SuppressionScope Scope)> Of(Snapshot snapshot, string? account)
    {
        StreamClass?[] classes = [null, StreamClass.Transactional, StreamClass.Marketing];
        foreach (var only in classes)
        {
            yield return (Named("global", only), SuppressionScope.Global with { Class = only });
        }

        if (account is null)
        {
            yield break;
        }

        var options = snapshot.AccountOf(account) ?? throw new BadRequestException($"there is no account '{account}'");
        foreach (var only in classes)
        {
            yield return (Named($"account {account}", only), SuppressionScope.OfAccount(KeyOf(snapshot, account, null), only));
        }

        foreach (var stream in options.Streams.Keys.Append(string.Empty))
        {
            foreach (var only in classes)
            {
                yield return (Named($"stream {account}/{stream}", only), SuppressionScope.OfStream(KeyOf(snapshot, account, stream)) with { Class = only });
            }
        }
    }

    private static string Named(string name, StreamClass? only) => only is { } mailClass ? string.Create(CultureInfo.InvariantCulture, $"{name}, {mailClass.ToString().ToLowerInvariant()}") : name;

    private static StreamKey KeyOf(Snapshot snapshot, string account, string? stream)
    {
        var options = snapshot.AccountOf(account) ?? throw new BadRequestException($"there is no account '{account}'");
        return string.IsNullOrEmpty(stream) || options.Streams.ContainsKey(stream)
            ? snapshot.Feedback.StreamOf(account, stream ?? string.Empty)
            : throw new BadRequestException($"account '{account}' has no stream '{stream}'");
    }
}
