using Engine.Admin;
using Engine.Queue.Spool;
using Engine.Tests.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Engine.Tests.Admin;

[CancelAfter(60_000)]
internal sealed class SpoolApiTests
{
    [Test]
    public async Task Compact_tells_what_it_gave_back(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        var socket = Path.Join(Path.GetTempPath(), $"engine-{Guid.NewGuid():N}.sock");
        var compaction = new CountingCompaction();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        await using var application = builder.Build();
        SpoolApi.MapCompaction(application, compaction);
        await application.StartAsync(stop);
        var (code, output) = await EngineProcess.RunAsync(["spool", "compact", "--json", "--socket", socket], stop);
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("{\"before\":300,\"after\":100,\"moved\":7}"));
        Assert.That(compaction.Asked, Is.EqualTo(1));
    }

    private sealed class CountingCompaction : ICompaction
    {
        public int Asked { get; private set; }

        public Task<CompactionResult> CompactAsync(CancellationToken stop)
        {
            Asked++;
            return Task.FromResult(new CompactionResult(300, 100, 7));
        }
    }
}
