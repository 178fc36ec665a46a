using Engine.Configuration;

namespace Engine.Tests.Configuration;

/// <summary>Configurations for tests: a useful core of three lines, and what a test adds from line 4 on.</summary>
internal static class Sample
{
    /// <summary>A hash of the right form; the password is nobody's.</summary>
    public const string Password = "$pbkdf2-sha256$100000$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    private const string Core = """
        {
        "hostname": "mta1.example.com",
        "listeners": { "local": { "bind": ["127.0.0.1:2525"], "auth": "none" } },

        """;

    /// <summary>Loads the core and more keys.</summary>
    public static LoadResult With(string keys) => Load(Core + keys + "\n}");

    /// <summary>Loads a whole text. The environment holds SET and nothing else.</summary>
    public static LoadResult Load(string json, string file = "/etc/engine/engine.json") =>
        ConfigurationLoader.Parse(json.Replace("PASSWORD", Password, StringComparison.Ordinal), file, name => name == "SET" ? "value-of-set" : null);

    public static Snapshot Snapshot(string keys)
    {
        var result = With(keys);
        Assert.That(result.Findings.All, Is.Empty);
        return result.Snapshot!;
    }

    /// <summary>The findings without their file, a line each.</summary>
    public static string Text(this LoadResult result) =>
        string.Join('\n', result.Findings.All.Select(finding => $"{finding.Line}: {finding.Path}: {finding.Message}"));

    public static string Repository()
    {
        var at = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Join(at!.FullName, "Engine.sln")))
        {
            at = at.Parent;
        }

        return at.FullName;
    }
}
