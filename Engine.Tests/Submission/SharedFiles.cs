namespace Engine.Tests.Submission;

/// <summary>Test material of others: <c>ENGINE_TEST_DATA</c>, or <c>../shared/data</c> somewhere above.</summary>
internal static class SharedFiles
{
    /// <summary>Path to a file or folder; the test is ignored where it is absent.</summary>
    public static string Path(string name)
    {
        var path = Find(name);
        if (path is null)
        {
            Assert.Ignore($"no {name}: set ENGINE_TEST_DATA to the folder of shared test data");
        }

        return path!;
    }

    /// <summary>Null when absent; for test sources, which must not throw.</summary>
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("ENGINE_TEST_DATA") is { Length: > 0 } given)
        {
            return Existing(System.IO.Path.Join(given, name));
        }

        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(System.IO.Path.Join(folder.FullName, "shared", "data", name)) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) || Directory.Exists(path) ? path : null;
}
