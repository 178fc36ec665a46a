using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration.Checks;

/// <summary>Limits: they limit something, and what they match exists.</summary>
internal static class LimitChecks
{
    private static readonly string[] Limiting = ["connections", "connectionRate", "messagesPerConnection", "rate", "perDay"];

    public static void Run(Draft draft)
    {
        foreach (var (name, limit) in draft.Options.Limits)
        {
            var path = JsonPath.Root["limits"][name];
            if (!Limiting.Any(key => draft.IsWritten(path[key])))
            {
                draft.Report.Add(path, "expected at least one of 'connections', 'connectionRate', 'messagesPerConnection', 'rate' and 'perDay'");
            }

            foreach (var dimension in limit.Match.Keys.Concat(limit.Per).Where(IsOfFlow).Take(1))
            {
                Connections(draft, path, limit, dimension);
            }

            foreach (var (dimension, value) in limit.Match)
            {
                Match(draft, path["match"][Spelling.Of(dimension)], dimension, value);
            }
        }
    }

    private static bool IsOfFlow(LimitDimension dimension) =>
        dimension is LimitDimension.Account or LimitDimension.SenderDomain or LimitDimension.Campaign or LimitDimension.Stream or LimitDimension.Class;

    // Connections belong to no account, campaign or class.
    private static void Connections(Draft draft, JsonPath path, LimitOptions limit, LimitDimension dimension)
    {
        var written = new[]
        {
            ("connections", limit.Connections is not null),
            ("connectionRate", limit.ConnectionRate is not null),
            ("messagesPerConnection", limit.MessagesPerConnection is not null),
        };
        foreach (var (key, _) in written.Where(one => one.Item2))
        {
            draft.Report.Add(path[key], $"counts connections, which have no {Spelling.Of(dimension)}: expected only provider, destination, source and pool in 'match' and 'per'");
        }
    }

    private static void Match(Draft draft, JsonPath path, LimitDimension dimension, string value)
    {
        switch (dimension)
        {
            case LimitDimension.Source:
                draft.Known(path, "source", value, draft.Options.Sources.Keys);
                break;
            case LimitDimension.Pool:
                draft.Known(path, "pool", value, draft.Options.Pools.Keys);
                break;
            case LimitDimension.Account:
                draft.KnownAccount(path, value);
                break;
            case LimitDimension.Class when !Spelling.TryParse<StreamClass>(value, out _):
                draft.Report.Add(path, $"expected {ScalarText.Expected(typeof(StreamClass))}, found \"{value}\"");
                break;
            case LimitDimension.SenderDomain when !DomainName.TryParse(value, out _):
                draft.Report.Add(path, $"expected a domain name, found \"{value}\"");
                break;
            case var _ when value.Length == 0:
                draft.Report.Add(path, "must not be empty");
                break;
            default:
                break;
        }
    }
}
