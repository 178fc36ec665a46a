using System.Globalization;

namespace Engine.Tests.Failures.Crash;

/// <summary>Every state a crash, a torn write or a wrong bit can leave is recovered from, or refused with the file named.</summary>
[NonParallelizable]
internal sealed class CrashLabTests
{
    private const string StatesVariable = "ENGINE_CRASH_LAB_STATES";

    private const string SeedVariable = "ENGINE_CRASH_LAB_SEED";

    private const int Fewest = 20_000;

    [Test]
    [CancelAfter(3_600_000)]
    public async Task Nothing_acknowledged_is_lost_whatever_a_crash_leaves(CancellationToken guard)
    {
        var lab = new CrashLab(Number(SeedVariable, 1));
        await lab.RunAsync(Number(StatesVariable, Fewest), guard);
        await TestContext.Out.WriteLineAsync(lab.Report());
        Assert.That(lab.Failures, Is.Empty);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
