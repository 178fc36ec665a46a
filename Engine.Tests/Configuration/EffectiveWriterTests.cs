using System.Text.Json;
using Engine.Configuration;

namespace Engine.Tests.Configuration;

internal sealed class EffectiveWriterTests
{
    private const string Keys = """
        "sources": { "a": { "address": "192.0.2.1" } },
        "pools": { "bulk": { "sources": { "a": 5 } } },
        "accounts": { "acme": { "number": 9, "streams": { "news": { "pool": "bulk", "giveUp": "90m" }, "more": {} }, "defaultStream": "news" } },
        "domains": { "acme.example": {} },
        "limits": { "a/b": { "match": { "senderDomain": "acme.example" }, "per": ["source"], "rate": "0.5/d burst 3" } },
        "delivery": { "retry": { "short": ["30s x3"], "jitter": 0.05 }, "addressFamily": "ipv6-first" },
        "routes": { "*": { "hosts": ["[::1]:25"] } }
        """;

    [Test]
    public void Every_default_is_filled_in()
    {
        var view = Read(Sample.Snapshot(string.Empty), []);

        Assert.That(view.GetProperty("hostname").GetString(), Is.EqualTo("mta1.example.com"));
        Assert.That(view.GetProperty("delivery").GetProperty("timeouts").GetProperty("dot").GetString(), Is.EqualTo("10m"));
        Assert.That(view.GetProperty("queue").GetProperty("memory").GetString(), Is.EqualTo("256MiB"));
        Assert.That(view.GetProperty("accounts").GetProperty("local").GetProperty("notices").GetString(), Is.EqualTo("dsn"));
        Assert.That(view.GetProperty("telemetry").GetProperty("metrics").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void What_it_writes_loads_again_as_the_same()
    {
        var snapshot = Sample.Snapshot(Keys);
        var text = EffectiveWriter.Write(snapshot, []).Replace("  \"$overrides\": []\n", string.Empty, StringComparison.Ordinal);
        var again = Sample.Load(text);

        Assert.That(again.Text(), Is.Empty);
        Assert.That(SnapshotDiff.Between(snapshot, again.Snapshot!).Changes.Where(change => !change.Path.StartsWith("$.accounts.local", StringComparison.Ordinal)), Is.Empty);
        Assert.That(EffectiveWriter.Write(again.Snapshot!, []), Is.EqualTo(EffectiveWriter.Write(snapshot, [])));
    }

    [Test]
    public void Secrets_are_masked()
    {
        var text = EffectiveWriter.Write(Sample.Snapshot("\"injectors\": { \"p\": { \"password\": \"PASSWORD\", \"actFor\": [\"*\"] } }"), []);

        Assert.That(text, Does.Contain("\"password\": \"***\"").And.Not.Contain("pbkdf2"));
    }

    [Test]
    public void Overrides_are_listed_and_what_they_are_about_is_marked()
    {
        var since = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var view = Read(Sample.Snapshot(Keys),
        [
            new Override("pause.all", "true", "ops", "storm", since),
            new Override("pause.account.acme", "true", "brake", "complaints", since, since.AddHours(1)),
            new Override("pause.stream.acme/news", "true", "ops", "why", since),
            new Override("pause.pool.bulk", "true", "ops", "why", since),
        ]);

        Assert.That(view.GetProperty("$override").GetString(), Is.EqualTo("pause.all"));
        var acme = view.GetProperty("accounts").GetProperty("acme");
        Assert.That(acme.GetProperty("$override").GetString(), Is.EqualTo("pause.account.acme"));
        Assert.That(acme.GetProperty("streams").GetProperty("news").GetProperty("$override").GetString(), Is.EqualTo("pause.stream.acme/news"));
        Assert.That(acme.GetProperty("streams").GetProperty("more").TryGetProperty("$override", out _), Is.False);
        Assert.That(view.GetProperty("pools").GetProperty("bulk").GetProperty("$override").GetString(), Is.EqualTo("pause.pool.bulk"));
        Assert.That(view.GetProperty("$overrides")[1].GetRawText().Replace("\n", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal), Is.EqualTo(
            "{\"key\":\"pause.account.acme\",\"value\":\"true\",\"who\":\"brake\",\"reason\":\"complaints\",\"since\":\"2026-11-22T12:00:00.0000000+00:00\",\"until\":\"2026-11-22T13:00:00.0000000+00:00\"}"));
    }

    [Test]
    public void What_is_isolated_is_marked()
    {
        var result = Sample.With("\"accounts\": { \"acme\": { \"number\": -1 }, \"zoe\": {} }, \"domains\": { \"Acme.example\": { \"x\": 1 } }");
        var view = Read(result.Snapshot!, []);

        Assert.That(view.GetProperty("accounts").GetProperty("acme").GetProperty("$broken").GetBoolean(), Is.True);
        Assert.That(view.GetProperty("accounts").GetProperty("zoe").TryGetProperty("$broken", out _), Is.False);
        Assert.That(view.GetProperty("domains").GetProperty("acme.example").GetProperty("$broken").GetBoolean(), Is.True);
    }

    private static JsonElement Read(Snapshot snapshot, IReadOnlyList<Override> overrides) =>
        JsonSerializer.Deserialize<JsonElement>(EffectiveWriter.Write(snapshot, overrides));
}
