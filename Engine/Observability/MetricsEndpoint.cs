using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Engine.Observability;

/// <summary>Serves <c>GET /metrics</c>, and nothing else, on key <c>telemetry.metrics</c>. Bare Kestrel: no host, no configuration of its own.</summary>
internal sealed class MetricsEndpoint : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly MetricsCollector _collector;
    private readonly KestrelServer _server;

    /// <param name="bind">Address and port; port 0 takes a free one.</param>
    /// <param name="collector">What is shown.</param>
    /// <param name="loggers">Get what Kestrel says.</param>
    public MetricsEndpoint(IPEndPoint bind, MetricsCollector collector, ILoggerFactory loggers)
    {
        _collector = collector;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxConcurrentConnections = 64;
        options.Listen(bind);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _server = new KestrelServer(Options.Create(options), transport, loggers);
    }

    /// <summary>The port it listens on, once started.</summary>
    public int Port => _server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(address => new Uri(address).Port).FirstOrDefault() ?? 0;

    /// <exception cref="IOException">The address is taken or not ours.</exception>
    public Task StartAsync(CancellationToken stop) => _server.StartAsync(this, stop);

    public async ValueTask DisposeAsync()
    {
        // A scrape in progress is not worth waiting for.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(atOnce.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Path != "/metrics")
        {
            response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
        }
        else
        {
            // Whole before it is sent: an instrument that fails must not cut the answer in the middle.
            var text = new ArrayBufferWriter<byte>(64 << 10);
            PrometheusWriter.Write(_collector, text);
            response.ContentType = PrometheusWriter.ContentType;
            response.ContentLength = text.WrittenCount;
            if (HttpMethods.IsGet(request.Method))
            {
                await response.Body.WriteAsync(text.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
            }
        }
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }
}
