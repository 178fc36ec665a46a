using System.Globalization;
using Engine.Configuration;
using Engine.Tests.Journeys;

namespace Engine.Tests.Peers;

/// <summary>A real HAProxy takes the header of a source with a proxy, and connects on as it says: with the privilege for it, from the source's own address.</summary>
[CancelAfter(60_000)]
internal sealed class HaproxyTests
{
    [Test]
    public async Task It_reads_both_ends_and_connects_on(CancellationToken stop)
    {
        var program = PeerProcess.Find("haproxy", "haproxy");
        using var port = PeerPort.Take();
        using var home = new PeerDirectory();
        var isTransparent = Environment.IsPrivilegedProcess;
        var file = home.Write("haproxy.cfg", $"""
            global
              log stdout format raw local0
            defaults
              mode tcp
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            listen out
              bind 127.0.0.1:{port} accept-proxy
              log global
              log-format "from %ci to %fi:%fp"
              {(isTransparent ? "source 0.0.0.0 usesrc clientip" : string.Empty)}
              server any 0.0.0.0

            """);
        await using var haproxy = PeerProcess.Start(program, home.Path, "-db", "-f", file);
        await haproxy.ListensAsync(port.Number, stop);
        string target;
        await using (var world = await RelayWorld.StartAsync(1, adjust: options => options with
        {
            Sources = new Dictionary<string, SourceOptions> { ["far"] = new() { Address = "127.0.0.61", Proxy = $"haproxy2://127.0.0.1:{port}" } },
        }))
        {
            var number = await world.SubmitAsync("transactional", "reader@strict.demo.test");
            await world.World.DeliveredAsync(number);
            var delivered = (await world.EventsAsync(line => RelayWorld.Kind(line) == "delivered"))[0];
            target = string.Create(CultureInfo.InvariantCulture, $"{RelayWorld.Text(delivered, "mxAddress")}:{world.World.Snapshot.Options.Delivery.Port}");
            if (isTransparent)
            {
                Assert.That(world.World.Client(number).ToString(), Is.EqualTo("127.0.0.61"));
            }
        }

        await haproxy.LineAsync($"from 127.0.0.61 to {target}", stop);
    }
}
