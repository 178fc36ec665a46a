using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Engine.Observability;

namespace Engine.Tests.Observability;

internal sealed class MetricsEndpointTests : IDisposable
{
    private readonly CollectingLogger _logger = new();
    private readonly Meter _meter = new($"Test{Guid.NewGuid():N}");
    private readonly MetricsCollector _collector;
    private readonly HttpClient _client = new();

    public MetricsEndpointTests() => _collector = new MetricsCollector(_logger.CreateLogger<MetricsCollector>(), _meter.Name);

    public void Dispose()
    {
        _client.Dispose();
        _collector.Dispose();
        _meter.Dispose();
        _logger.Dispose();
    }

    [Test, CancelAfter(60_000)]
    public async Task Metrics_are_served(CancellationToken stop)
    {
        _meter.CreateCounter<long>("engine_accepted_total").Add(3);
        await using var endpoint = await StartAsync(stop);
        using var answer = await _client.GetAsync(At(endpoint, "/metrics"), stop);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(await answer.Content.ReadAsStringAsync(stop), Does.Contain("\nengine_accepted_total 3\n"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_long_answer_arrives_whole(CancellationToken stop)
    {
        var counter = _meter.CreateCounter<long>("engine_delivered_total");
        for (var number = 0; number < 5_000; number++)
        {
            counter.Add(number, new KeyValuePair<string, object?>("source", new string('x', number % 97) + number));
        }

        await using var endpoint = await StartAsync(stop);
        var expected = new ArrayBufferWriter<byte>();
        PrometheusWriter.Write(_collector, expected);

        Assert.That(await _client.GetByteArrayAsync(At(endpoint, "/metrics"), stop), Is.EqualTo(expected.WrittenSpan.ToArray()));
    }

    [TestCase("GET", "/", 404)]
    [TestCase("GET", "/metrics/x", 404)]
    [TestCase("GET", "/metrics?x=1", 200)]
    [TestCase("HEAD", "/metrics", 200)]
    [TestCase("POST", "/metrics", 405)]
    [TestCase("DELETE", "/metrics", 405)]
    [CancelAfter(60_000)]
    public async Task Nothing_else_is_served(string method, string path, int status, CancellationToken stop)
    {
        await using var endpoint = await StartAsync(stop);
        using var request = new HttpRequestMessage(new HttpMethod(method), At(endpoint, path));
        using var answer = await _client.SendAsync(request, stop);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
    }

    [Test, CancelAfter(60_000)]
    public async Task An_address_in_use_is_a_fault_at_the_start(CancellationToken stop)
    {
        await using var first = await StartAsync(stop);
        await using var second = new MetricsEndpoint(new IPEndPoint(IPAddress.Loopback, first.Port), _collector, _logger);

        await Assert.ThatAsync(async () => await second.StartAsync(stop), Throws.InstanceOf<IOException>());
    }

    [Test, CancelAfter(60_000)]
    public async Task After_the_end_nobody_answers(CancellationToken stop)
    {
        var endpoint = await StartAsync(stop);
        var port = endpoint.Port;
        await endpoint.DisposeAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        await Assert.ThatAsync(async () => await socket.ConnectAsync(IPAddress.Loopback, port, stop), Throws.InstanceOf<SocketException>());
    }

    private static Uri At(MetricsEndpoint endpoint, string path) => new($"http://127.0.0.1:{endpoint.Port}{path}");

    private async Task<MetricsEndpoint> StartAsync(CancellationToken stop)
    {
        var endpoint = new MetricsEndpoint(new IPEndPoint(IPAddress.Loopback, 0), _collector, _logger);
        await endpoint.StartAsync(stop);
        return endpoint;
    }
}
