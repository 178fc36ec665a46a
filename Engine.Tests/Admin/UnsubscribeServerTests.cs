using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Engine.Admin;
using Engine.Mail;
using Engine.Suppression;
using Engine.Tests.Feedback.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Admin;

[CancelAfter(60_000)]
internal sealed class UnsubscribeServerTests
{
    private static readonly KeyValuePair<string, string>[] OneClick = [KeyValuePair.Create("List-Unsubscribe", "One-Click")];

    [Test]
    public async Task A_post_of_rfc_8058_unsubscribes_before_it_is_answered(CancellationToken stop)
    {
        using var rig = new ReportRig();
        await using var server = await StartAsync(rig, stop);
        using var client = Client(server);
        using var form = new FormUrlEncodedContent(OneClick);
        using var answer = await client.PostAsync($"/{Token(rig)}", form, stop);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var entry = rig.List.Entries.Single().Entry;
        Assert.That((entry.Scope, entry.Reason, entry.Origin), Is.EqualTo((SuppressionScope.OfStream(StreamKey.Of("acme", 0, "news")), SuppressionReason.Unsubscribe, SuppressionOrigin.Link)));
        Assert.That(rig.Events.All.Select(line => (line.Kind, line.Account, line.Stream, line.Rule)), Is.EqualTo(new[] { (EventKind.SuppressionAdded, "acme", "news", "unsubscribe/link"), (EventKind.Unsubscribed, "acme", "news", "link") }));
        Assert.That(await answer.Content.ReadAsStringAsync(stop), Does.Contain("You are unsubscribed"));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);

        using var part = new StringContent("One-Click");
        using var multipart = new MultipartFormDataContent { { part, "List-Unsubscribe" } };
        using var again = await client.PostAsync($"/some/path/{Token(rig).ToUpperInvariant()}/", multipart, stop);
        Assert.That((again.StatusCode, rig.List.Entries.Count, rig.Events.All.Count), Is.EqualTo((HttpStatusCode.OK, 1, 2)), "twice changes nothing");
    }

    [Test]
    public async Task A_get_shows_a_page_with_a_button_and_never_acts(CancellationToken stop)
    {
        using var rig = new ReportRig();
        await using var server = await StartAsync(rig, stop);
        using var client = Client(server);
        using var answer = await client.GetAsync($"/{Token(rig)}", stop);
        var page = await answer.Content.ReadAsStringAsync(stop);

        Assert.That(page, Does.Contain("<html lang=\"en\">").And.Contain("<form method=\"post\">").And.Contain("name=\"List-Unsubscribe\" value=\"One-Click\"").And.Contain("<button type=\"submit\">Unsubscribe</button>"));
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("http"));
        Assert.That(rig.List.Entries, Is.Empty);
        Assert.That(Header(answer, "Content-Security-Policy"), Does.StartWith("default-src 'none'; style-src 'sha256-").And.Contain("form-action 'self'"));
        Assert.That((Header(answer, "X-Content-Type-Options"), Header(answer, "Referrer-Policy"), Header(answer, "Cache-Control")), Is.EqualTo(("nosniff", "no-referrer", "no-store")));
        Assert.That(answer.Content.Headers.ContentType, Is.EqualTo(MediaTypeHeaderValue.Parse("text/html; charset=utf-8")));

        using var question = new HttpRequestMessage(HttpMethod.Head, $"/{Token(rig)}");
        using var head = await client.SendAsync(question, stop);
        Assert.That((head.StatusCode, head.Content.Headers.ContentLength, (await head.Content.ReadAsByteArrayAsync(stop)).Length), Is.EqualTo((HttpStatusCode.OK, answer.Content.Headers.ContentLength, 0)));
    }

    [Test]
    public async Task A_post_that_does_not_ask_changes_nothing(CancellationToken stop)
    {
        using var rig = new ReportRig();
        await using var server = await StartAsync(rig, stop);
        using var client = Client(server);
        using var content = new StringContent("hello", Encoding.UTF8, "text/plain");
        using var answer = await client.PostAsync($"/{Token(rig)}", content, stop);

        Assert.That((answer.StatusCode, rig.List.Entries.Count), Is.EqualTo((HttpStatusCode.BadRequest, 0)));
    }

    [Test]
    public async Task A_link_that_is_not_ours_is_404_and_one_too_old_410(CancellationToken stop)
    {
        using var rig = new ReportRig();
        await using var server = await StartAsync(rig, stop);
        using var client = Client(server);
        foreach (var path in new[] { "/", "/x", $"/{rig.Ring.Seal(rig.Token(TokenPurpose.Bounce))}", $"/{rig.Ring.Seal(rig.Token(TokenPurpose.Unsubscribe, recipient: null))}", "/%C3%BC" })
        {
            using var form = new FormUrlEncodedContent(OneClick);
            using var answer = await client.PostAsync(path, form, stop);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }

        var token = Token(rig);
        rig.Clock.Advance(TimeSpan.FromDays(732));
        using var gone = await client.GetAsync($"/{token}", stop);
        Assert.That((gone.StatusCode, rig.List.Entries.Count), Is.EqualTo((HttpStatusCode.Gone, 0)));
        Assert.That(await gone.Content.ReadAsStringAsync(stop), Does.Contain("This link has expired"));
    }

    [Test]
    public async Task What_cannot_be_made_lasting_is_503(CancellationToken stop)
    {
        using var rig = new ReportRig();
        rig.List.Fault = new IOException("disk full");
        await using var server = await StartAsync(rig, stop);
        using var client = Client(server);
        using var form = new FormUrlEncodedContent(OneClick);
        using var answer = await client.PostAsync($"/{Token(rig)}", form, stop);

        Assert.That((answer.StatusCode, Header(answer, "Retry-After"), rig.Events.All.Count), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "60", 0)));
    }

    [Test]
    public async Task Too_much_and_other_methods_are_refused(CancellationToken stop)
    {
        using var rig = new ReportRig();
        await using var server = await StartAsync(rig, stop);
        using var client = Client(server);
        using var large = new StringContent(new string('x', 5_000));
        using var tooLarge = await client.PostAsync($"/{Token(rig)}", large, stop);
        using var deleted = await client.DeleteAsync($"/{Token(rig)}", stop);
        using var question = new HttpRequestMessage(HttpMethod.Options, "/");
        using var options = await client.SendAsync(question, stop);

        Assert.That((tooLarge.StatusCode, deleted.StatusCode, options.StatusCode), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NoContent)));
        Assert.That(deleted.Content.Headers.Allow, Is.EqualTo(new[] { "GET", "HEAD", "POST", "OPTIONS" }));
    }

    [Test]
    public async Task A_client_that_asks_without_end_is_put_off_whatever_it_forwards(CancellationToken stop)
    {
        using var rig = new ReportRig();
        await using var server = await StartAsync(rig, stop);
        using var client = Client(server);
        for (var request = 0; request < 5_000; request++)
        {
            using var seen = await client.GetAsync("/x", stop);
        }

        using var message = new HttpRequestMessage(HttpMethod.Get, "/x") { Headers = { { "X-Forwarded-For", "198.51.100.1" } } };
        using var answer = await client.SendAsync(message, stop);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    private static string Token(ReportRig rig) => rig.Ring.Seal(rig.Token(TokenPurpose.Unsubscribe));

    private static string Header(HttpResponseMessage answer, string name) => string.Join(' ', answer.Headers.GetValues(name));

    private static async Task<UnsubscribeServer> StartAsync(ReportRig rig, CancellationToken stop)
    {
        var server = new UnsubscribeServer(new IPEndPoint(IPAddress.Loopback, 0), rig.Links, rig.Clock, NullLogger.Instance);
        await server.StartAsync(stop);
        return server;
    }

    private static HttpClient Client(UnsubscribeServer server) => new() { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}/") };
}
