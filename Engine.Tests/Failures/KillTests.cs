using Engine.Demo;

namespace Engine.Tests.Failures;

/// <summary>What a kill -9 may cost: nothing that was answered 250, and only such duplicates as have a reason.</summary>
internal sealed class KillTests
{
    // Settlements are committed within 20 ms plus one commit; a commit on a busy disk of a shared machine can take this long.
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(20 + 500);

    [TestCase(20, 6_000, 12, 2_026)]
    [CancelAfter(300_000)]
    public async Task What_was_answered_250_survives_kills_at_random_moments(int kills, int messages, int sessions, int seed, CancellationToken guard)
    {
        if (await EngineProcess.MissingAsync(guard) is { } reason)
        {
            Assert.Ignore(reason);
        }

        var path = Path.Join(TestContext.CurrentContext.WorkDirectory, $"kill-{Guid.NewGuid():N}.ledger");
        using var file = new LedgerFile(path);
        await using var lab = await KillLab.OpenAsync(file, new Random(seed));
        lab.Start();
        var submitting = lab.SubmitAsync(messages, sessions, guard);
        for (var kill = 0; kill < kills; kill++)
        {
            await lab.KillOnceAsync(most: messages / (kills + 1), guard);
        }

        await submitting;
        var lost = await lab.LostAsync(guard);
        var duplicates = lab.Duplicates(Window);
        await TellAsync(lab, duplicates);

        Assert.That(lost, Is.Zero, lab.Output);
        Assert.That(lab.Ledger.Counts.Acknowledged, Is.EqualTo(messages));
        Assert.That(lab.Kills, Has.Count.EqualTo(kills));
        Assert.That(duplicates.Where(static one => one.Kind is DuplicateKind.Unexplained), Is.Empty);
        Assert.That(LedgerFile.Read(path).Count(static one => one.Kind is LedgerEntryKind.Acknowledged), Is.EqualTo(messages), "the ledger is on file too");
        File.Delete(path);
    }

    private static async Task TellAsync(KillLab lab, IReadOnlyList<Duplicate> duplicates)
    {
        await TestContext.Out.WriteLineAsync($"{lab.Kills.Count} kills, {lab.Ledger.Counts.Acknowledged} messages acknowledged, {duplicates.Count} duplicates");
        foreach (var group in duplicates.GroupBy(static one => one.Kind))
        {
            await TestContext.Out.WriteLineAsync($"  {group.Key}: {group.Count()}, oldest {group.Max(static one => one.Age).TotalMilliseconds:F1} ms before the kill");
        }

        foreach (var duplicate in duplicates)
        {
            await TestContext.Out.WriteLineAsync($"    {duplicate.Number} {duplicate.Recipient} {duplicate.Kind} {duplicate.Age.TotalMilliseconds:F1} ms");
        }
    }
}
