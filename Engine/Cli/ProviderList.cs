using System.CommandLine;
using System.Text.Json.Nodes;
using Engine.Configuration;

namespace Engine.Cli;

/// <summary><c>engine provider ls</c>: the providers that are known, from the configuration in force by default, or the shipped data. Needs no daemon.</summary>
internal static class ProviderList
{
    private static readonly string[] Columns = ["id", "name", "rules", "connections", "messagesPerConnection", "rate"];

    public static Command Make(SharedOptions common)
    {
        var list = new Command("ls", "List the providers that are known: name, rules, limits in force");
        list.SetAction(parsed =>
        {
            var snapshot = common.TryLoad(parsed) ?? new Snapshot(new EngineOptions());
            var output = new Output(parsed.GetValue(common.Json));
            output.Rows(snapshot.Providers.Providers.Select(provider =>
            {
                var limit = snapshot.Limits.GetValueOrDefault($"{provider.Id}/ip");
                var row = new JsonObject { ["id"] = provider.Id, ["name"] = provider.Name, ["rules"] = provider.Rules.Count };
                var limits = output.IsJson ? new JsonObject() : row;
                limits["connections"] = limit?.Connections;
                limits["messagesPerConnection"] = limit?.MessagesPerConnection;
                limits["rate"] = limit?.Rate?.ToString();
                if (output.IsJson)
                {
                    row["limits"] = limits;
                }

                return row;
            }), Columns);
        });
        return list;
    }
}
