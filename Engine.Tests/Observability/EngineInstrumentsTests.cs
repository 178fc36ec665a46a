using System.Buffers;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class EngineInstrumentsTests : IEvents
{
    [Test]
    public void What_belongs_to_no_room_is_shown()
    {
        var meter = $"Test{Guid.NewGuid():N}";
        using var logger = new CollectingLogger();
        using var collector = new MetricsCollector(logger.CreateLogger<MetricsCollector>(), meter);
        var isGood = true;
        IReadOnlyList<Override> overrides = [Pause(OverrideKey.PauseCampaign("acme", "pool.all")), Pause(OverrideKey.PauseCampaign("acme", "spring")), Pause(OverrideKey.IsolateAccount("acme"))];
        using var instruments = new EngineInstruments("1.2.3", () => isGood, () => overrides, new DeliveryRate(this, TimeProvider.System), Lines.Noon, meter);
        var before = Samples(collector);

        Assert.That(before, Does.Contain($"engine_build_info{{runtime=\"{Environment.Version}\",version=\"1.2.3\"}} 1"));
        Assert.That(before, Does.Contain("engine_config_last_reload_success 1"));
        Assert.That(before, Does.Contain("engine_overrides 3"));
        Assert.That(
            before.Where(line => line.StartsWith("engine_paused{", StringComparison.Ordinal)),
            Is.EquivalentTo(new[] { "engine_paused{kind=\"all\"} 0", "engine_paused{kind=\"account\"} 0", "engine_paused{kind=\"stream\"} 0", "engine_paused{kind=\"campaign\"} 2", "engine_paused{kind=\"pool\"} 0" }));
        Assert.That(before, Does.Contain("engine_start_time_seconds 1795348800"));
        Assert.That(before, Has.Some.Match("^engine_cpu_seconds_total [0-9.]+$"));
        Assert.That(before, Has.Some.Match("^engine_resident_bytes [1-9][0-9]+$"));
        Assert.That(before, Has.None.StartsWith("engine_delivery_rate"));

        (isGood, overrides) = (false, [Pause(OverrideKey.PauseAll), Pause(OverrideKey.PauseStream("acme", string.Empty))]);
        Assert.That(Samples(collector), Does.Contain("engine_config_last_reload_success 0").And.Contain("engine_overrides 2").And.Contain("engine_paused{kind=\"all\"} 1").And.Contain("engine_paused{kind=\"stream\"} 1"));
    }

    public void Write(in Event line)
    {
    }

    private static Override Pause(string key) => new(key, "true", "somebody", "because", Lines.Noon, null);

    private static string[] Samples(MetricsCollector collector)
    {
        var buffer = new ArrayBufferWriter<byte>();
        PrometheusWriter.Write(collector, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan).Split('\n');
    }
}
