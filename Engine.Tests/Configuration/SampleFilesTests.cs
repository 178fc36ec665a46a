using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;
using Engine.Configuration.Shapes;

namespace Engine.Tests.Configuration;

/// <summary>The files an operator starts from load without a finding, as <c>config check --strict</c> asks.</summary>
internal sealed class SampleFilesTests
{
    [Test]
    public void The_engine_json_of_the_repository_has_no_finding()
    {
        var result = ConfigurationLoader.Load(Path.Join(Sample.Repository(), "engine.json"), _ => null);

        Assert.That(result.Findings.All, Is.Empty);
        Assert.That(result.Snapshot!.Options.Listeners["local"].Auth, Is.EqualTo(ListenerAuth.None));
    }

    [Test]
    public void What_stands_in_its_comments_loads_too()
    {
        using var directory = new TemporaryDirectory();
        WriteKeys(directory);
        var lines = File.ReadAllLines(Path.Join(Sample.Repository(), "engine.json")).Select(line =>
            line.TrimStart() is ['/', '/', ' ', .. var rest] && rest.TrimStart() is ['"' or '}', ..] ? rest : line);
        directory.Write("engine.json", string.Join('\n', lines));
        var result = ConfigurationLoader.Load(directory["engine.json"], name => name == "ACME_APP1" ? Sample.Password : null);

        Assert.That(result.Findings.All, Is.Empty);
        Assert.That(result.Snapshot!.Options.Pools, Has.Count.EqualTo(2));
        Assert.That(result.Snapshot.Options.Accounts["acme"].Credentials["app1"].Password, Is.EqualTo(Sample.Password));
    }

    [Test]
    public void The_full_sample_has_no_finding()
    {
        using var directory = new TemporaryDirectory();
        WriteKeys(directory);

        Assert.That(Full(directory).Findings.All, Is.Empty);
    }

    [Test]
    public void The_full_sample_shows_every_key()
    {
        using var directory = new TemporaryDirectory();
        WriteKeys(directory);
        var shown = Full(directory).Snapshot!.Written!;
        var missing = Keys(Shape.Root, [shown]).Select(key => $"{key.Property.DeclaringType!.Name}.{key.Name}");

        Assert.That(missing, Is.Empty);
    }

    private static LoadResult Full(TemporaryDirectory directory)
    {
        directory.Write("providers.json", "{ \"version\": 1, \"extends\": \"shipped\" }");
        directory.Write("engine.json", File.ReadAllText(Path.Join(Sample.Repository(), "samples/engine.full.json")));
        return ConfigurationLoader.Load(directory["engine.json"], name => name == "ACME_APP1" ? Sample.Password : null);
    }

    // Keys that none of the objects of the same kind writes.
    private static IEnumerable<OptionKey> Keys(Shape shape, IReadOnlyList<Engine.Configuration.Reading.Setting> written)
    {
        foreach (var key in shape.Keys)
        {
            var values = written.Select(value => value.Find(key.Name)?.Value).OfType<Engine.Configuration.Reading.Setting>().ToList();
            if (values.Count == 0)
            {
                yield return key;
                continue;
            }

            var (below, children) = key.Shape.Kind switch
            {
                ShapeKind.Record => (key.Shape, values),
                ShapeKind.Map or ShapeKind.List when key.Shape.Item!.Kind is ShapeKind.Record =>
                    (key.Shape.Item, values.SelectMany(value => value.Items.Concat(value.Members.Select(member => member.Value))).ToList()),
                _ => (null, []),
            };
            foreach (var inner in below is null ? [] : Keys(below, children))
            {
                yield return inner;
            }
        }
    }

    private static void WriteKeys(TemporaryDirectory directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mta1.example.com", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        directory.Write("tls/fullchain.pem", certificate.ExportCertificatePem());
        directory.Write("tls/roots.pem", certificate.ExportCertificatePem());
        directory.Write("tls/privkey.pem", key.ExportPkcs8PrivateKeyPem());
        directory.Write("dkim/acme.example.s1.pem", "any");
        directory.Write("dkim/esp.example.p1.pem", "any");
        directory.Write("secrets/dqs", "any");
        directory.Write("secrets/token1", new string('t', 32));
        directory.Write("secrets/relay", "a good one\n");
        directory.Write("secrets/seed1", "a good one\n");
        directory.Write("secrets/suppression", new string('k', 32));
    }
}
