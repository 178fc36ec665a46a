using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Engine.Configuration;

namespace Engine.Cli;

/// <summary>Talks to a running daemon over its admin socket.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly string _socket;
    private readonly HttpClient _http;

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client owns its handler.")]
    private AdminClient(string socket, TimeSpan patience)
    {
        _socket = socket;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(socket, stop) })
        {
            BaseAddress = new Uri("http://engine/"),
            Timeout = patience,
        };
    }

    public static AdminClient For(SharedOptions common, ParseResult parsed) => For(common, parsed, TimeSpan.FromMinutes(10));

    /// <summary>The same with another bound for an answer to begin.</summary>
    public static AdminClient For(SharedOptions common, ParseResult parsed, TimeSpan patience)
    {
        if (parsed.GetValue(common.Socket) is { } socket)
        {
            return new AdminClient(socket, patience);
        }

        var loaded = ConfigurationLoader.Load(common.FileOf(parsed));
        return loaded.Snapshot is { } snapshot
            ? new AdminClient(snapshot.PathTo(snapshot.Options.Admin.Socket), patience)
            : throw new CliError(ExitCode.BadConfiguration, $"the configuration does not say where the daemon is:\n{string.Join('\n', loaded.Findings.All)}");
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken stop) =>
        await ReadAsync(await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop).ConfigureAwait(false), stop).ConfigureAwait(false);

    public async Task<JsonNode> PostAsync(string path, object body, CancellationToken stop) =>
        await ReadAsync(await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: JsonSerializerOptions.Web) }, stop).ConfigureAwait(false), stop).ConfigureAwait(false);

    /// <summary>Sends a stream as it is.</summary>
    public async Task<JsonNode> UploadAsync(string path, HttpContent content, CancellationToken stop) =>
        await ReadAsync(await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, stop).ConfigureAwait(false), stop).ConfigureAwait(false);

    /// <summary>Copies an answer into a stream.</summary>
    /// <exception cref="CliError">It broke off.</exception>
    public async Task DownloadAsync(string path, object body, Stream target, CancellationToken stop)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: JsonSerializerOptions.Web) };
        using var response = await SendAsync(request, stop).ConfigureAwait(false);
        try
        {
            await response.Content.CopyToAsync(target, stop).ConfigureAwait(false);
        }
        catch (HttpRequestException fault)
        {
            throw new CliError(ExitCode.TryAgain, $"the daemon broke off: {fault.GetBaseException().Message}");
        }
    }

    /// <summary>Reads a stream of JSON lines.</summary>
    public async IAsyncEnumerable<string> LinesAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop).ConfigureAwait(false);
        await using var stream = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(stop).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    public void Dispose() => _http.Dispose();

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The stream owns the socket.")]
    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        using (response)
        {
            return (await response.Content.ReadFromJsonAsync<JsonNode>(stop).ConfigureAwait(false))!;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        HttpResponseMessage response;
        try
        {
            using (request)
            {
                response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException fault)
        {
            throw new CliError(ExitCode.Unavailable, $"no daemon answers on {_socket}: {fault.GetBaseException().Message}");
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
            throw new CliError(CodeOf(response.StatusCode), text);
        }
    }

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity => ExitCode.BadData,
        HttpStatusCode.BadRequest or HttpStatusCode.Conflict => ExitCode.Usage,
        HttpStatusCode.NotImplemented => ExitCode.Unavailable,
        _ => ExitCode.TryAgain,
    };
}
