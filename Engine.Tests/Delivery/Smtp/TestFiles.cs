namespace Engine.Tests.Delivery.Smtp;

/// <summary>Test data of others, read where it lies.</summary>
internal static class TestFiles
{
    /// <summary>Path of a file under <c>shared/data</c>. Ends the test as ignored when it is not there.</summary>
    public static string Find(string name)
    {
        var roots = Ancestors(TestContext.CurrentContext.TestDirectory).Select(directory => Path.Join(directory, "shared/data"));
        var found = roots.Prepend(Environment.GetEnvironmentVariable("ENGINE_TEST_DATA") ?? string.Empty)
            .Select(root => Path.Join(root, name))
            .FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Ignore($"{name} is not there: set ENGINE_TEST_DATA, or put shared/data beside the repository");
        }

        return found!;
    }

    private static IEnumerable<string> Ancestors(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
