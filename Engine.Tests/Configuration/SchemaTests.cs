using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Engine.Configuration.Schema;
using Engine.Configuration.Shapes;

namespace Engine.Tests.Configuration;

internal sealed partial class SchemaTests
{
    private static readonly JsonDocumentOptions Commented = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static readonly DocComments Docs = DocComments.OfEngine();

    /// <summary>With ENGINE_WRITE_SCHEMA=1 the file is written anew instead.</summary>
    [Test]
    public void The_schema_in_the_repository_is_the_one_the_options_give()
    {
        var file = Path.Join(Sample.Repository(), "engine.schema.json");
        var schema = SchemaWriter.Write(DocComments.OfEngine());
        if (Environment.GetEnvironmentVariable("ENGINE_WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(file, schema);
        }

        Assert.That(File.Exists(file) ? File.ReadAllText(file) : string.Empty, Is.EqualTo(schema), "run with ENGINE_WRITE_SCHEMA=1 to rewrite engine.schema.json");
    }

    [TestCase("engine.json")]
    [TestCase("samples/engine.full.json")]
    public void A_sample_obeys_the_schema(string sample)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Join(Sample.Repository(), sample)), Commented);

        Assert.That(Validator().Faults(document.RootElement), Is.Empty);
    }

    // What the schema can see, the binder sees too: each row is a finding there (BinderTests).
    [TestCase("\"node\": 0", "$.node: minimum")]
    [TestCase("\"node\": 4096", "$.node: maximum")]
    [TestCase("\"node\": 1.5", "$.node: type")]
    [TestCase("\"nod\": 1", "$: additionalProperties")]
    [TestCase("\"queue\": { \"maxMessageSize\": \"25MB\" }", "$.queue.maxMessageSize: pattern")]
    [TestCase("\"queue\": { \"maxMessageSize\": 70000 }", "")]
    [TestCase("\"queue\": { \"durability\": \"disc\" }", "$.queue.durability: enum")]
    [TestCase("\"dns\": { \"timeout\": \"5 s\" }", "$.dns.timeout: pattern")]
    [TestCase("\"dns\": { \"timeout\": \"${TIMEOUT}\" }", "")]
    [TestCase("\"dns\": { \"servers\": [] }", "$.dns.servers: minItems")]
    [TestCase("\"system\": { \"rate\": \"10\", \"pool\": null }", "$.system.rate: pattern")]
    [TestCase("\"delivery\": { \"retry\": { \"short\": [\"30s x3\", \"1m y\"] } }", "$.delivery.retry.short[1]: pattern")]
    [TestCase("\"delivery\": { \"retry\": { \"jitter\": 0.6 } }", "$.delivery.retry.jitter: maximum")]
    [TestCase("\"delivery\": { \"addressFamily\": \"ipv4First\" }", "$.delivery.addressFamily: enum")]
    [TestCase("\"accounts\": { \"a b\": {} }", "$.accounts: propertyNames")]
    [TestCase("\"accounts\": { \"a\": { \"credentials\": { \"c\": {} } } }", "$.accounts.a.credentials.c: required")]
    [TestCase("\"injectors\": { \"p\": { \"password\": \"x\", \"actFor\": [\"*\"] } }", "$.injectors.p.password: pattern")]
    [TestCase("\"limits\": { \"a/b\": { \"match\": { \"sender\": \"x\" }, \"per\": [\"sender\"] } }", "$.limits.a/b.match: propertyNames\n$.limits.a/b.per[0]: enum")]
    [TestCase("\"pools\": { \"p\": { \"sources\": { \"a\": 1001 } } }", "$.pools.p.sources.a: maximum")]
    [TestCase("\"tls\": { \"certificate\": \"c\", \"key\": \"k\", \"minimum\": \"1.1\" }", "$.tls: anyOf")]
    [TestCase("\"tls\": null", "")]
    public void An_editor_sees_what_the_schema_can_say(string keys, string expected)
    {
        using var document = JsonDocument.Parse("{ \"hostname\": \"h.example\", \"listeners\": { \"l\": { \"bind\": [\"127.0.0.1:25\"] } }, " + keys + " }");

        Assert.That(string.Join('\n', Validator().Faults(document.RootElement)), Is.EqualTo(expected));
    }

    [Test]
    public void Every_key_has_a_description()
    {
        var silent = Keys(Shape.Root).Where(key => Docs.Of(key.Property) is null && Docs.Of(key.Shape.Item?.Type ?? key.Shape.Type) is null);

        Assert.That(silent.Select(key => $"{key.Property.DeclaringType!.Name}.{key.Property.Name}"), Is.Empty);
    }

    // "From 1 to 4095", "Each from 1m to 14d": what a doc comment says is what its attribute holds.
    [Test]
    public void Doc_comments_and_attributes_give_the_same_ranges()
    {
        var differing = from key in Keys(Shape.Root)
                        let said = Said(key.Property)
                        let held = key.Between is { } between ? $"{between.Low} {between.High}" : null
                        where said != held
                        select $"{key.Property.DeclaringType!.Name}.{key.Property.Name}: says {said}, holds {held}";

        Assert.That(differing, Is.Empty);
    }

    [Test]
    public void Doc_comments_and_attributes_agree_on_restarts()
    {
        var differing = Keys(Shape.Root).Where(key => key.NeedsRestart != (Docs.Of(key.Property) ?? string.Empty).Contains("needs a restart", StringComparison.Ordinal));

        Assert.That(differing.Select(key => $"{key.Property.DeclaringType!.Name}.{key.Name}"), Is.Empty);
    }

    private static SchemaValidator Validator() => new(JsonSerializer.Deserialize<JsonElement>(SchemaWriter.Write(Docs)));

    private static IEnumerable<OptionKey> Keys(Shape shape) =>
        shape.Keys.SelectMany(key => Keys(key.Shape).Prepend(key)).Concat(shape.Item is null ? [] : Keys(shape.Item));

    private static string? Said(PropertyInfo property)
    {
        var own = Range().Match(Docs.Of(property) ?? string.Empty);
        var said = own.Success || property.PropertyType == typeof(Engine.Configuration.RetrySchedule) ? own : Range().Match(Docs.Of(property.DeclaringType!) ?? string.Empty);
        return said.Success ? $"{Plain(said.Groups[1].Value)} {Plain(said.Groups[2].Value)}" : null;
    }

    private static string Plain(string number) => number.Replace(" ", string.Empty, StringComparison.Ordinal);

    [GeneratedRegex(@"[Ff]rom ([0-9][0-9 .]*[A-Za-z]*)(?: \([^)]*\))? to ([0-9](?:[0-9 .]*[0-9])?[A-Za-z]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
