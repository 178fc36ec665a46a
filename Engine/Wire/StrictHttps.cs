using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Engine.Wire;

/// <summary>
/// HTTPS towards hosts that strangers name: policies (RFC 8461 §3.3), reports (RFC 8460 §3), logos. No redirects, no proxy, no cookies, no decompression, no address
/// that mail would not go to, HTTP/1.1, TLS 1.2 or newer, certificates checked against name and roots. A connection serves one request. Thread-safe.
/// </summary>
/// <param name="rule">Asked for each address connected to; may change at a reload.</param>
/// <param name="resolve">Addresses of a host; empty when there are none or they could not be looked up.</param>
/// <param name="roots">Whose certificates are good; may change at a reload.</param>
/// <param name="clock">Measures the limit.</param>
internal sealed class StrictHttps(Func<AddressRule> rule, Func<string, CancellationToken, ValueTask<IReadOnlyList<IPAddress>>> resolve, Func<TrustedRoots> roots, TimeProvider clock)
{
    /// <summary>Addresses of a host that are tried.</summary>
    private const int MaxAddresses = 4;

    private const int MaxHeaderKilobytes = 16;

    /// <param name="uri">An https URI without user information; another is an error of the caller.</param>
    /// <param name="maxOctets">Longest body taken.</param>
    /// <param name="limit">For all of it.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public ValueTask<HttpsAnswer> GetAsync(Uri uri, int maxOctets, TimeSpan limit, CancellationToken stop) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, uri), maxOctets, limit, stop);

    /// <summary>As <see cref="GetAsync"/>, with a body.</summary>
    /// <param name="uri">An https URI without user information; another is an error of the caller.</param>
    /// <param name="content">What is sent.</param>
    /// <param name="mediaType">Its type.</param>
    /// <param name="maxOctets">Longest body taken in answer.</param>
    /// <param name="limit">For all of it.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public ValueTask<HttpsAnswer> PostAsync(Uri uri, ReadOnlyMemory<byte> content, string mediaType, int maxOctets, TimeSpan limit, CancellationToken stop)
    {
        var body = new ReadOnlyMemoryContent(content);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, uri) { Content = body }, maxOctets, limit, stop);
    }

    private async ValueTask<HttpsAnswer> SendAsync(HttpRequestMessage request, int maxOctets, TimeSpan limit, CancellationToken stop)
    {
        using var owned = request;
        if (request.RequestUri is not { Scheme: "https", UserInfo: "" })
        {
            throw new ArgumentException("An https URI without user information is expected.", nameof(request));
        }

        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.ConnectionClose = true;
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            using var handler = Handler(limit / MaxAddresses);
            using var client = new HttpMessageInvoker(handler);
            using var response = await client.SendAsync(request, either.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, maxOctets, either.Token).ConfigureAwait(false)
                : HttpsAnswer.Failed(HttpsFault.Status, status is >= 300 and < 400 ? $"status {status}: redirects are not followed" : $"status {status}", status);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return HttpsAnswer.Failed(HttpsFault.TimedOut, $"no answer within {limit.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
        {
            return Judge(fault);
        }
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller's.")]
    private SocketsHttpHandler Handler(TimeSpan each) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, stop) => ConnectAsync(context, each, stop),

        // What is left of an answer is of no use: the connection ends with it.
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = roots().Policy(),
        },
    };

    // Each address has its share of the time, so that one that swallows everything leaves some to the next.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, TimeSpan each, CancellationToken stop)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var isLiteral = IPAddress.TryParse(host, out var literal);
        var addresses = isLiteral ? [literal!] : await resolve(host, stop).ConfigureAwait(false);
        var inForce = rule();
        SocketException? last = null;
        foreach (var address in addresses.Where(address => inForce.Allows(new IPEndPoint(address, port), AddressOrigin.Resolved)).Take(MaxAddresses))
        {
#pragma warning disable CA2000 // The stream owns it; on the other ways it is disposed of below.
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
            using var timer = new CancellationTokenSource(each, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), either.Token).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                socket.Dispose();
                last = new SocketException((int)SocketError.TimedOut);
            }
            catch (SocketException fault)
            {
                socket.Dispose();
                last = fault;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static async ValueTask<HttpsAnswer> ReadAsync(HttpResponseMessage response, int maxOctets, CancellationToken stop)
    {
        if (response.Content.Headers.ContentLength > maxOctets)
        {
            return HttpsAnswer.Failed(HttpsFault.TooLong, $"the body is longer than {maxOctets} octets", (int)response.StatusCode);
        }

        using var stream = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>();
        for (int read; (read = await stream.ReadAsync(body.GetMemory(8_192), stop).ConfigureAwait(false)) > 0;)
        {
            body.Advance(read);
            if (body.WrittenCount > maxOctets)
            {
                return HttpsAnswer.Failed(HttpsFault.TooLong, $"the body is longer than {maxOctets} octets", (int)response.StatusCode);
            }
        }

        return new HttpsAnswer(HttpsFault.None, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? string.Empty, body.WrittenMemory, string.Empty);
    }

    private static HttpsAnswer Judge(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AuthenticationException:
                    return HttpsAnswer.Failed(HttpsFault.Certificate, "the certificate does not hold, or the handshake failed");
                case SocketException { SocketErrorCode: SocketError.HostNotFound }:
                    return HttpsAnswer.Failed(HttpsFault.NoAddress, "the host has no address that may be connected to");
                case SocketException socket:
                    return HttpsAnswer.Failed(HttpsFault.Network, $"connecting: {socket.SocketErrorCode}");
            }
        }

        return HttpsAnswer.Failed(HttpsFault.Network, "the connection broke, or the answer is no HTTP");
    }
}
