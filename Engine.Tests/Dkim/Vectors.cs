namespace Engine.Tests.Dkim;

/// <summary>The test vectors of others, read from where they lie; see their README there.</summary>
internal static class Vectors
{
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.Join([Root(), "dkim", .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Ignore($"{path} is not there; set ENGINE_TEST_DATA to the directory of test data");
        }

        return path;
    }

    public static string Text(params string[] parts) => File.ReadAllText(Path(parts), System.Text.Encoding.Latin1);

    /// <summary>A message with CRLF line ends, whatever the file has.</summary>
    public static byte[] Message(params string[] parts) => System.Text.Encoding.Latin1.GetBytes(
        Text(parts).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("ENGINE_TEST_DATA") is { Length: > 0 } set)
        {
            return set;
        }

        for (var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = System.IO.Path.Join(directory.FullName, "shared", "data");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return "shared/data";
    }
}
