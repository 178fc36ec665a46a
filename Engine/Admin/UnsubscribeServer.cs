using System.Diagnostics.CodeAnalysis;
using System.Net;
using Engine.Feedback.Reports;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Engine.Admin;

/// <summary>Serves unsubscribe links on <c>feedback.unsubscribe.bind</c>, behind the operator's HTTPS front. RFC 8058. Bare Kestrel, apart from the admin interface.</summary>
/// <remarks>
/// The token is the last segment of the path, whatever the front puts before it. No cookie, no redirect, no header of the client is believed; with a front on
/// this host all clients share one budget, which is why it is a large one. Kestrel's own log stays silent: paths are tokens.
/// </remarks>
internal sealed class UnsubscribeServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const int MaxConnections = 1_000;

    // Of one client: a whole campaign that is unsubscribed by a provider's machines passes.
    private const double Rate = 500;
    private const int Burst = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly UnsubscribeDesk _desk;
    private readonly TimeProvider _clock;
    private readonly ClientBudget _budget;
    private readonly ILogger _log;
    private readonly KestrelServer _server;

    /// <param name="bind">Address and port; port 0 takes a free one.</param>
    /// <param name="desk">What stands behind the links.</param>
    /// <param name="clock">For the budgets.</param>
    /// <param name="log">Takes faults, without the path.</param>
    public UnsubscribeServer(IPEndPoint bind, UnsubscribeDesk desk, TimeProvider clock, ILogger log)
    {
        (_desk, _clock, _log) = (desk, clock, log);
        _budget = new ClientBudget(Rate, Burst, clock);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = OneClickBody.MaxLength;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        options.Limits.MaxRequestLineSize = 4 << 10;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        options.Listen(bind);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    /// <summary>The port it listens on, once started.</summary>
    public int Port => _server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(address => new Uri(address).Port).FirstOrDefault() ?? 0;

    /// <exception cref="IOException">The address is taken or not ours.</exception>
    public Task StartAsync(CancellationToken stop) => _server.StartAsync(this, stop);

    /// <summary>Lets requests under way end, for a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience, _clock);
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of a request: the caller hears 503, and Kestrel must not log the path.")]
    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = fault.StatusCode;
        }
        catch (Exception fault)
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                ReportsLog.EndpointFault(_log, fault);
            }

            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        }
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!_budget.TryTake(context.Connection.RemoteIpAddress ?? IPAddress.None))
        {
            await WriteAsync(context, UnsubscribeAnswer.TooMany).ConfigureAwait(false);
            return;
        }

        switch (request.Method)
        {
            case "GET" or "HEAD":
                await WriteAsync(context, _desk.Look(TokenOf(request))).ConfigureAwait(false);
                break;
            case "POST":
                await WriteAsync(context, await PostAsync(request, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
                break;
            case "OPTIONS":
                response.StatusCode = StatusCodes.Status204NoContent;
                response.Headers.Allow = "GET, HEAD, POST, OPTIONS";
                break;
            default:
                response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                response.Headers.Allow = "GET, HEAD, POST, OPTIONS";
                break;
        }
    }

    private async ValueTask<UnsubscribeAnswer> PostAsync(HttpRequest request, CancellationToken stop)
    {
        // One octet more than may come: Kestrel has refused it by then.
        var body = new byte[OneClickBody.MaxLength + 1];
        var length = 0;
        while (length < body.Length && await request.Body.ReadAsync(body.AsMemory(length), stop).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
        }

        var token = TokenOf(request);
        return _desk.Look(token) is not UnsubscribeAnswer.Ask and var known ? known
            : !OneClickBody.Asks(request.ContentType, body.AsSpan(0, length)) ? UnsubscribeAnswer.NotAsked
            : await _desk.ActAsync(token, stop).ConfigureAwait(false);
    }

    private static async ValueTask WriteAsync(HttpContext context, UnsubscribeAnswer answer)
    {
        var response = context.Response;
        var page = UnsubscribePage.Of(answer);
        response.StatusCode = UnsubscribePage.StatusOf(answer);
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        var headers = response.Headers;
        headers.ContentSecurityPolicy = UnsubscribePage.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
        if (answer is UnsubscribeAnswer.TooMany or UnsubscribeAnswer.TryLater)
        {
            headers.RetryAfter = "60";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string TokenOf(HttpRequest request)
    {
        var path = request.Path.Value?.TrimEnd('/') ?? string.Empty;
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
