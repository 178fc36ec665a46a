namespace Engine.Tests.Submission;

/// <summary>Keeps a test from hanging.</summary>
internal static class Guard
{
    public static CancellationToken Token() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
}
