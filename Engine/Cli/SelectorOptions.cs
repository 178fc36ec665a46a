using System.CommandLine;
using System.Text.Json.Nodes;

namespace Engine.Cli;

/// <summary>The selectors that queue verbs share; what is not given does not restrict.</summary>
internal sealed class SelectorOptions
{
    private readonly Option<string?>[] _texts =
    [
        new("--id") { Description = "Message id" },
        new("--from") { Description = "Envelope sender" },
        new("--to") { Description = "Recipient address" },
        new("--domain") { Description = "Recipient domain" },
        new("--account") { Description = "Account" },
        new("--stream") { Description = "Stream" },
        new("--class") { Description = "transactional or marketing" },
        new("--campaign") { Description = "Campaign" },
        new("--pool") { Description = "Pool" },
        new("--state") { Description = "waiting, ready, inflight or held" },
        new("--category") { Description = "Category of the last failure" },
        new("--older") { Description = "Accepted longer ago than, such as 2h" },
        new("--newer") { Description = "Accepted less long ago than" },
    ];

    private readonly Option<int?> _limit = new("--limit") { Description = "At most so many recipients" };

    public void AddTo(Command command)
    {
        foreach (var option in _texts)
        {
            command.Options.Add(option);
        }

        command.Options.Add(_limit);
    }

    /// <summary>The selector as the admin interface takes it; empty when nothing was given.</summary>
    public JsonObject Read(ParseResult parsed)
    {
        var selector = new JsonObject();
        foreach (var option in _texts)
        {
            if (parsed.GetValue(option) is { } text)
            {
                selector[option.Name[2..]] = text;
            }
        }

        if (parsed.GetValue(_limit) is { } limit)
        {
            selector["limit"] = limit;
        }

        return selector;
    }

    public static string Query(JsonObject selector) =>
        string.Join('&', selector.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!.ToString())}"));
}
