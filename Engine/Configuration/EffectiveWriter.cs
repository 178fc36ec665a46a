using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>
/// Writes the configuration as it works: every key with its default filled in, secrets as <c>***</c>. Keys that begin with <c>$</c> are notes:
/// <c>$overrides</c> holds what verbs and brakes set, <c>$override</c> marks the object one of them is about, <c>$broken</c> one that is isolated.
/// </summary>
internal static class EffectiveWriter
{
    /// <summary>JSON text, indented, with a line end.</summary>
    public static string Write(Snapshot snapshot, IReadOnlyList<Override> overrides)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, OptionsJson.Readable))
        {
            // The built-in account is in force like any other.
            var accounts = new OrderedDictionary<string, AccountOptions>(snapshot.Options.Accounts);
            accounts.TryAdd(AccountOptions.LocalName, snapshot.Accounts[AccountOptions.LocalName]);
            var options = snapshot.Options with { Accounts = accounts };
            new OptionsJson(writer, mark: path => Mark(writer, snapshot, overrides, path)).Value(Shape.Root, options, JsonPath.Root);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Mark(Utf8JsonWriter writer, Snapshot snapshot, IReadOnlyList<Override> overrides, JsonPath path)
    {
        var (key, broken) = path.Steps switch
        {
            [] => (OverrideKey.PauseAll, false),
            [{ Name: "accounts" }, { Name: { } account }] => (OverrideKey.PauseAccount(account), snapshot.BrokenAccounts.Contains(account)),
            [{ Name: "accounts" }, { Name: { } account }, { Name: "streams" }, { Name: { } stream }] =>
                (OverrideKey.PauseStream(account, stream), false),
            [{ Name: "domains" }, { Name: { } domain }] => (string.Empty, snapshot.BrokenDomains.Contains(domain)),
            [{ Name: "pools" }, { Name: { } pool }] => (OverrideKey.PausePool(pool), false),
            _ => (string.Empty, false),
        };
        if (broken)
        {
            writer.WriteBoolean("$broken", true);
        }

        if (overrides.Any(item => item.Key == key))
        {
            writer.WriteString("$override", key);
        }

        if (path.Steps.Count == 0)
        {
            All(writer, overrides);
        }
    }

    private static void All(Utf8JsonWriter writer, IReadOnlyList<Override> overrides)
    {
        writer.WriteStartArray("$overrides");
        foreach (var item in overrides)
        {
            writer.WriteStartObject();
            writer.WriteString("key", item.Key);
            writer.WriteString("value", item.Value);
            writer.WriteString("who", item.Who);
            writer.WriteString("reason", item.Reason);
            writer.WriteString("since", item.Since.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("until", item.Until?.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
