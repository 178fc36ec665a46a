using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Engine.Wire;

namespace Engine.Tests.Wire;

/// <summary>The client for hosts that strangers name, against a web server that does what strangers do.</summary>
internal sealed class StrictHttpsTests : IDisposable
{
    private const string Host = "mta-sts.example.test";
    private const string Good = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\nhello";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _authority = new();
    private readonly List<string> _resolved = [];

    public void Dispose() => _authority.Dispose();

    [Test]
    public async Task A_page_comes_back_with_its_type_and_nothing_but_the_question_is_told()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), Good);
        var client = Client();
        var answer = await GetAsync(client, peer);
        await GetAsync(client, peer);

        Assert.That((answer.Fault, answer.Status, answer.MediaType, Encoding.UTF8.GetString(answer.Body.Span)), Is.EqualTo((HttpsFault.None, 200, "text/plain", "hello")), answer.Reason);
        Assert.That(peer.ServerName, Is.EqualTo(Host));
        Assert.That(peer.Requests, Has.Count.EqualTo(2));
        Assert.That(peer.Requests, Is.All.EqualTo($"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: {Host}:{peer.Port}\r\nConnection: close\r\n\r\n"), "no cookie, no agent, no trace, no encoding");
    }

    [Test]
    public async Task A_body_is_posted_with_its_type()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        var answer = await Client().PostAsync(UriOf(peer), "{}"u8.ToArray(), "application/tlsrpt+json", 100, Limit, CancellationToken.None);

        Assert.That((answer.Fault, answer.Status), Is.EqualTo((HttpsFault.None, 201)), answer.Reason);
        Assert.That(peer.Requests.Single(), Does.StartWith("POST ").And.Contain("Content-Type: application/tlsrpt+json\r\n").And.EndsWith("\r\n\r\n{}"));
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var other = HttpsPeer.Saying(_authority.Issue(Host), Good);
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), $"HTTP/1.1 {status} Elsewhere\r\nLocation: https://{Host}:{other.Port}/\r\nContent-Length: 0\r\n\r\n");
        var answer = await GetAsync(Client(), peer);

        Assert.That((answer.Fault, answer.Status, other.Connections), Is.EqualTo((HttpsFault.Status, status, 0)));
        Assert.That(answer.Reason, Does.Contain("redirects are not followed"));
    }

    [TestCase(404)]
    [TestCase(503)]
    public async Task Any_status_but_success_is_a_fault(int status)
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), $"HTTP/1.1 {status} No\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
        var answer = await GetAsync(Client(), peer);

        Assert.That((answer.Fault, answer.Status, answer.Body.Length), Is.EqualTo((HttpsFault.Status, status, 0)));
    }

    [Test]
    public async Task A_certificate_of_another_name_is_refused_and_nothing_was_said()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue("www.example.test"), Good);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.Certificate));
        Assert.That(peer.Requests, Is.All.Empty);
    }

    [Test]
    public async Task A_wildcard_certificate_is_good_for_one_label()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue("*.example.test"), Good);
        await using var wide = HttpsPeer.Saying(_authority.Issue("*.test"), Good);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.None));
        Assert.That((await GetAsync(Client(), wide)).Fault, Is.EqualTo(HttpsFault.Certificate));
    }

    [Test]
    public async Task A_certificate_of_an_unknown_root_is_refused()
    {
        using var stranger = new TestAuthority("A stranger");
        await using var peer = HttpsPeer.Saying(stranger.Issue(Host), Good);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.Certificate));
        Assert.That((await GetAsync(Client(roots: TrustedRoots.OfSystem()), peer)).Fault, Is.EqualTo(HttpsFault.Certificate));
    }

    [TestCase(-30, -1)]
    [TestCase(1, 30)]
    public async Task A_certificate_that_is_not_valid_now_is_refused(int from, int until)
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host, from, until), Good);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.Certificate));
    }

    [Test]
    public async Task A_certificate_that_is_not_for_servers_is_refused()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host, usage: "1.3.6.1.5.5.7.3.2"), Good);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.Certificate));
    }

    [TestCase("Content-Length: 101\r\n\r\n")]
    [TestCase("\r\n")]
    public async Task A_body_that_is_too_long_is_not_read_to_its_end(string head)
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n{head}{new string('x', 101)}");
        var answer = await GetAsync(Client(), peer);

        Assert.That((answer.Fault, answer.Body.Length), Is.EqualTo((HttpsFault.TooLong, 0)));
    }

    [Test]
    public async Task A_chunked_body_without_end_is_cut_off()
    {
        await using var peer = new HttpsPeer(_authority.Issue(Host), ChunksAsync);
        var answer = await GetAsync(Client(), peer);

        Assert.That(answer.Fault, Is.EqualTo(HttpsFault.TooLong));

        static async Task ChunksAsync(SslStream stream, CancellationToken stop)
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync("10\r\n0123456789abcdef\r\n"u8.ToArray(), stop);
            }
        }
    }

    [Test]
    public async Task A_body_of_just_the_length_allowed_is_taken_chunked_or_not()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), $"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{new string('x', 100)}");
        await using var chunked = HttpsPeer.Saying(_authority.Issue(Host), $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{new string('x', 100)}\r\n0\r\n\r\n");

        Assert.That((await GetAsync(Client(), peer)).Body.Length, Is.EqualTo(100));
        Assert.That((await GetAsync(Client(), chunked)).Body.Length, Is.EqualTo(100));
    }

    [Test]
    public async Task A_body_that_ends_too_soon_is_a_fault_of_the_network()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.Network));
    }

    [Test]
    public async Task A_compressed_body_is_not_unpacked()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\u0008\u0000");
        var answer = await GetAsync(Client(), peer);

        Assert.That(answer.Body.ToArray(), Is.EqualTo(new byte[] { 0x1F, 0x8B, 0x08, 0x00 }));
    }

    [Test]
    public async Task A_head_without_end_is_cut_off()
    {
        await using var peer = new HttpsPeer(_authority.Issue(Host), FieldsAsync);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.Network));

        static async Task FieldsAsync(SslStream stream, CancellationToken stop)
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync("X-More: 0123456789abcdef0123456789abcdef0123456789abcdef\r\n"u8.ToArray(), stop);
            }
        }
    }

    [TestCase("nonsense\r\n\r\n")]
    [TestCase("HTTP/1.1 abc\r\n\r\n")]
    [TestCase("")]
    public async Task Nonsense_is_a_fault_of_the_network(string said)
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), said);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.EqualTo(HttpsFault.Network));
    }

    [TestCase("")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")]
    public async Task Silence_ends_at_the_limit_wherever_it_begins(string said)
    {
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new ManualClock();
        await using var peer = new HttpsPeer(_authority.Issue(Host), SilenceAsync);
        var asked = GetAsync(Client(clock: clock), peer);
        await silent.Task;
        clock.Advance(Limit);
        var answer = await asked;

        Assert.That((answer.Fault, answer.Reason), Is.EqualTo((HttpsFault.TimedOut, $"no answer within {Limit.TotalSeconds:0} s")));

        async Task SilenceAsync(SslStream stream, CancellationToken stop)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(said), stop);
            silent.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }
    }

    [Test]
    public async Task A_server_that_never_shakes_hands_ends_at_the_limit_and_cancelling_throws()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var clock = new ManualClock();
        var uri = new Uri($"https://{Host}:{((IPEndPoint)listener.LocalEndPoint!).Port}/");
        var asked = Client(clock: clock).GetAsync(uri, 100, Limit, CancellationToken.None);
        using var accepted = await listener.AcceptAsync();
        clock.Advance(Limit);

        Assert.That((await asked).Fault, Is.EqualTo(HttpsFault.TimedOut));

        using var stop = new CancellationTokenSource();
        var cancelled = Client(clock: clock).GetAsync(uri, 100, Limit, stop.Token);
        await stop.CancelAsync();
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_private_address_is_not_connected_to_whether_named_or_written()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), Good);
        var strict = Client(rule: new AddressRule([], [], []));

        Assert.That((await GetAsync(strict, peer)).Fault, Is.EqualTo(HttpsFault.NoAddress));
        Assert.That((await strict.GetAsync(new Uri($"https://127.0.0.1:{peer.Port}/"), 100, Limit, CancellationToken.None)).Fault, Is.EqualTo(HttpsFault.NoAddress));
        Assert.That((await strict.GetAsync(new Uri($"https://[::ffff:127.0.0.1]:{peer.Port}/"), 100, Limit, CancellationToken.None)).Fault, Is.EqualTo(HttpsFault.NoAddress));
        Assert.That(peer.Connections, Is.Zero);
    }

    [Test]
    public async Task A_host_without_addresses_and_one_that_refuses_are_told_apart()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var uri = new Uri($"https://{Host}:{((IPEndPoint)listener.LocalEndPoint!).Port}/");

        Assert.That((await Client(addresses: []).GetAsync(uri, 100, Limit, CancellationToken.None)).Fault, Is.EqualTo(HttpsFault.NoAddress));
        Assert.That((await Client().GetAsync(uri, 100, Limit, CancellationToken.None)).Fault, Is.EqualTo(HttpsFault.Network));
        Assert.That(_resolved, Is.All.EqualTo(Host));
    }

    [Test]
    public async Task The_next_address_is_tried_when_one_refuses()
    {
        await using var peer = HttpsPeer.Saying(_authority.Issue(Host), Good);

        Assert.That((await GetAsync(Client(addresses: [IPAddress.Parse("127.0.0.9"), IPAddress.Loopback]), peer)).Fault, Is.EqualTo(HttpsFault.None));
    }

#pragma warning disable SYSLIB0039, CA5397 // Old versions are just what is refused.
    [TestCase(SslProtocols.Tls11)]
    [TestCase(SslProtocols.Tls)]
#pragma warning restore SYSLIB0039, CA5397
    public async Task TLS_older_than_1_2_is_refused(SslProtocols protocols)
    {
        await using var peer = new HttpsPeer(_authority.Issue(Host), static (_, _) => Task.CompletedTask, protocols);

        Assert.That((await GetAsync(Client(), peer)).Fault, Is.Not.EqualTo(HttpsFault.None));
        Assert.That(peer.Requests, Is.All.Empty);
    }

    [TestCase("http://example.test/")]
    [TestCase("https://user:password@example.test/")]
    public void Only_https_without_a_login_is_taken(string uri)
    {
        Assert.That(async () => await Client().GetAsync(new Uri(uri), 100, Limit, CancellationToken.None), Throws.ArgumentException);
    }

    private static Uri UriOf(HttpsPeer peer) => new($"https://{Host}:{peer.Port}/.well-known/mta-sts.txt");

    private static async Task<HttpsAnswer> GetAsync(StrictHttps client, HttpsPeer peer) => await client.GetAsync(UriOf(peer), 100, Limit, CancellationToken.None);

    private StrictHttps Client(AddressRule? rule = null, TrustedRoots? roots = null, IPAddress[]? addresses = null, TimeProvider? clock = null)
    {
        var (allowed, trusted) = (rule ?? new AddressRule([IPNetwork.Parse("127.0.0.0/8")], [], []), roots ?? _authority.Roots);
        return new StrictHttps(() => allowed, ResolveAsync, () => trusted, clock ?? TimeProvider.System);

        ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken stop)
        {
            _resolved.Add(host);
            return new ValueTask<IReadOnlyList<IPAddress>>(addresses ?? [IPAddress.Loopback]);
        }
    }
}
