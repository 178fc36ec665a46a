using System.Diagnostics.Metrics;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Tests.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Dns;

[CancelAfter(20_000)]
internal sealed class DnsClientTests
{
    private static readonly DomainName Domain = DomainName.Parse("example.com");

    private readonly ManualClock _clock = new();

    [Test]
    public async Task A_question_is_asked_by_udp_with_edns_and_the_AD_bit(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Found(Asked.Mx("example.com", 10, "mx.example.com")));
        await using var client = Client(resolver.Address);

        var answer = await client.AskAsync(Domain, RecordType.Mx, stop);

        Assert.That(answer.Records, Is.EqualTo(new[] { new DnsRecord.Mx(10, "mx.example.com") }));
        var asked = await resolver.Questions.ReadAsync(stop);
        Assert.That(asked.OverTcp, Is.False);
        Assert.That(asked.Query with { Id = 0 }, Is.EqualTo(new DnsQuery(0, "example.com", RecordType.Mx) { UdpSize = 1_232, WantsAuthenticity = true }));
    }

    [Test]
    public async Task Every_question_has_its_own_id_and_port(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.NoData(60));
        await using var client = Client(resolver.Address);
        for (var number = 0; number < 40; number++)
        {
            await client.AskAsync(DomainName.Parse($"{number}.example"), RecordType.A, stop);
        }

        resolver.Questions.TryRead(out var first);
        var all = new List<Asked> { first! };
        while (resolver.Questions.TryRead(out var asked))
        {
            all.Add(asked);
        }

        // By chance two of forty may meet, many may not.
        Assert.That(all.Select(asked => asked.Query.Id).Distinct().Count(), Is.GreaterThan(35));
        Assert.That(all.Select(asked => asked.From.Port).Distinct().Count(), Is.GreaterThan(35));
        Assert.That(all.Zip(all.Skip(1)).Count(pair => pair.Second.Query.Id - pair.First.Query.Id is 0 or 1), Is.LessThan(5));
    }

    [Test]
    public async Task A_truncated_reply_brings_the_question_to_tcp(CancellationToken stop)
    {
        var records = Enumerable.Range(0, 200).Select(number => Asked.Mx("example.com", 10, $"a-rather-long-host-name-{number}.example.net")).ToArray();
        await using var resolver = new ScriptedResolver(asked => asked.OverTcp ? asked.Found(records) : asked.Truncated());
        await using var client = Client(resolver.Address);

        Assert.That((await client.AskAsync(Domain, RecordType.Mx, stop)).Records, Has.Count.EqualTo(200));
        Assert.That(resolver.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task A_malformed_reply_brings_the_question_to_tcp(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked =>
            asked.OverTcp ? asked.Found(Asked.Address("example.com", "192.0.2.1")) : asked.Found(Asked.Address("example.com", "192.0.2.1"))[..^20]);
        await using var client = Client(resolver.Address);

        Assert.That((await client.AskAsync(Domain, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.Found));
        Assert.That(resolver.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task Replies_to_something_else_are_passed_over(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked =>
        [
            [],
            [1, 2, 3],
            Forged(asked with { Query = asked.Query with { Id = (ushort)(asked.Query.Id + 1) } }),
            Forged(asked with { Query = asked.Query with { Name = "example.net" } }),
            Forged(asked with { Query = asked.Query with { Type = RecordType.Aaaa } }),
            asked.Found(Asked.Address("example.com", "192.0.2.1")),
        ]);
        await using var client = Client(resolver.Address);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
        Assert.That(resolver.Count, Is.EqualTo(1));

        static byte[] Forged(Asked asked) => asked.Found(Asked.Address("example.com", "203.0.113.66"));
    }

    [TestCase(ResponseCode.ServerFailure)]
    [TestCase(ResponseCode.Refused)]
    [TestCase((ResponseCode)9)]
    public async Task A_server_that_cannot_answer_is_followed_by_the_next(object code, CancellationToken stop)
    {
        await using var poor = new ScriptedResolver(asked => asked.Code((ResponseCode)code));
        await using var good = new ScriptedResolver(asked => asked.Found(Asked.Address("example.com", "192.0.2.1")));
        await using var client = Client(poor.Address, good.Address);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
        Assert.That((poor.Count, good.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_port_where_nobody_listens_is_passed_at_once_and_asked_last_from_then_on(CancellationToken stop)
    {
        using var nobody = PeerPort.Take();
        await using var good = new ScriptedResolver(asked => asked.Found(Asked.Address(asked.Query.Name, "192.0.2.1")));
        var logger = new LineLogger();
        await using var client = new DnsClient(Options([nobody.EndPoint.ToString(), good.Address]), _clock, new Random(1), logger);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
        Assert.That((await client.AskAsync(DomainName.Parse("b.example"), RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.Found));
        Assert.That(logger.Lines, Is.EqualTo(new[] { $"Warning Resolver {nobody.EndPoint} does not answer (Unreachable); it is asked last for now" }));
    }

    [Test]
    public async Task A_server_that_does_not_know_EDNS_is_asked_without(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked =>
            asked.Query.HasEdns ? asked.Code(ResponseCode.FormatError) : asked.Found(Asked.Address("example.com", "192.0.2.1")));
        await using var client = Client(resolver.Address);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
        Assert.That(resolver.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task A_lost_question_is_asked_again_with_another_id(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Number == 0 ? [] : [asked.Found(Asked.Address("example.com", "192.0.2.1"))]);
        await using var client = Client(resolver.Address);

        var asking = client.AskAsync(Domain, RecordType.A, stop);
        var first = await resolver.Questions.ReadAsync(stop);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That((await asking).Status, Is.EqualTo(LookupStatus.Found));
        Assert.That((await resolver.Questions.ReadAsync(stop)).Query.Id, Is.Not.EqualTo(first.Query.Id));
    }

    [Test]
    public async Task Silence_fails_when_the_whole_time_is_over_and_the_failure_is_kept_for_seconds(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(_ => Array.Empty<byte[]>());
        await using var client = Client(resolver.Address);

        var asking = client.AskAsync(Domain, RecordType.A, stop).AsTask();
        await resolver.Questions.ReadAsync(stop);
        _clock.Advance(TimeSpan.FromSeconds(1.7));
        await resolver.Questions.ReadAsync(stop);
        Assert.That(asking.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(3.3));

        Assert.That((await asking).Status, Is.EqualTo(LookupStatus.Failed));
        Assert.That((await client.AskAsync(Domain, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.Failed));
        Assert.That(resolver.Count, Is.EqualTo(2));

        _clock.Advance(TimeSpan.FromSeconds(5));
        var again = client.AskAsync(Domain, RecordType.A, stop);
        await resolver.Questions.ReadAsync(stop);
        Assert.That(again.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_server_poor_at_tcp_is_followed_by_the_next_and_not_taken_for_silent([Values] bool closes, CancellationToken stop)
    {
        await using var poor = new ScriptedResolver(asked => asked.OverTcp ? [] : [asked.Truncated()]) { ClosesStreams = closes };
        await using var good = new ScriptedResolver(asked => asked.Found(Asked.Address("example.com", "192.0.2.1")));
        var logger = new LineLogger();
        var options = Options([poor.Address, good.Address]) with { Timeout = TimeSpan.FromSeconds(3) };
        await using var client = new DnsClient(options, TimeProvider.System, new Random(1), logger);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
        Assert.That((poor.Count, good.Count), Is.EqualTo((2, 1)));
        Assert.That(logger.Lines, Is.Empty);
    }

    [Test]
    public async Task An_answer_is_asked_for_once_until_its_ttl_is_over(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Found(Asked.Address("example.com", $"192.0.2.{asked.Number}", ttl: 30)));
        await using var client = Client(resolver.Address);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.0"));
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.0"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
    }

    [Test]
    public async Task A_no_is_kept_as_long_as_the_zone_says(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Number == 0 ? asked.NoSuchName(minimum: 120) : asked.Found(Asked.Address("example.com", "192.0.2.1")));
        await using var client = Client(resolver.Address);

        Assert.That((await client.AskAsync(Domain, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.NoSuchDomain));
        _clock.Advance(TimeSpan.FromSeconds(119));
        Assert.That((await client.AskAsync(Domain, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.NoSuchDomain));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await client.AskAsync(Domain, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.Found));
    }

    [Test]
    public async Task The_same_question_asked_by_many_goes_out_once(CancellationToken stop)
    {
        using var gate = new SemaphoreSlim(0);
        await using var resolver = new ScriptedResolver(asked =>
        {
            Assert.That(gate.Wait(TimeSpan.FromSeconds(10), stop), Is.True);
            return [asked.Found(Asked.Address("example.com", "192.0.2.1"))];
        });
        await using var client = Client(resolver.Address);

        var asking = Enumerable.Range(0, 100).Select(_ => client.AskAsync(Domain, RecordType.A, stop).AsTask()).ToArray();
        gate.Release();
        var answers = await Task.WhenAll(asking);

        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        Assert.That(resolver.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_stops_waiting_does_not_end_the_question_for_others(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Number == 0 ? [] : [asked.Found(Asked.Address("example.com", "192.0.2.1"))]);
        await using var client = Client(resolver.Address);
        using var impatient = new CancellationTokenSource();

        var first = client.AskAsync(Domain, RecordType.A, impatient.Token).AsTask();
        var second = client.AskAsync(Domain, RecordType.A, stop).AsTask();
        await resolver.Questions.ReadAsync(stop);
        await impatient.CancelAsync();
        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await second).Status, Is.EqualTo(LookupStatus.Found));
    }

    [Test]
    public async Task Disposing_ends_the_questions_on_their_way(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(_ => Array.Empty<byte[]>());
        var client = Client(resolver.Address);
        var asking = client.AskAsync(Domain, RecordType.A, stop).AsTask();
        await resolver.Questions.ReadAsync(stop);

        await client.DisposeAsync();

        await Assert.ThatAsync(() => asking, Throws.InstanceOf<OperationCanceledException>());
        await Assert.ThatAsync(() => client.AskAsync(Domain, RecordType.Aaaa, stop).AsTask(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task An_alias_without_its_target_is_asked_for(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Query.Name == "example.com"
            ? asked.Found(Asked.Alias("example.com", "0/25.example.net"))
            : asked.Found(Asked.Address("0/25.example.net", "192.0.2.1")));
        await using var client = Client(resolver.Address);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
        Assert.That(resolver.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task An_alias_asked_on_counts_with_its_AD_bit_and_its_ttl([Values] bool authentic, CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => Asked.Write(new DnsResponse(asked.Query, ResponseCode.NoError)
        {
            IsAuthentic = authentic || asked.Number > 0,
            Answers = [asked.Number == 0 ? Asked.Alias("example.com", "b.example", ttl: 20) : Asked.Address("b.example", "192.0.2.1", ttl: 300)],
        }));
        await using var client = Client(resolver.Address);

        var answer = await client.AskAsync(Domain, RecordType.A, stop);

        Assert.That(answer.IsAuthentic, Is.EqualTo(authentic));
        Assert.That(answer.Expires, Is.EqualTo(ManualClock.Start.AddSeconds(20)));
    }

    [Test]
    public async Task Aliases_that_never_end_are_a_failure_and_no_proof_of_absence(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Found(Asked.Alias(asked.Query.Name, $"{asked.Number}.example")));
        await using var client = Client(resolver.Address);

        Assert.That((await client.AskAsync(Domain, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.Failed));
        Assert.That(resolver.Count, Is.EqualTo(5));
    }

    [Test]
    public async Task The_AD_bit_of_a_loopback_resolver_counts_unless_told_otherwise([Values] bool trusted, CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => Asked.Write(
            new DnsResponse(asked.Query, ResponseCode.NoError) { IsAuthentic = true, Answers = [Asked.Address("example.com", "192.0.2.1")] }));
        await using var client = new DnsClient(Options([resolver.Address]) with { TrustAd = trusted }, _clock, new Random(1), NullLogger.Instance);

        Assert.That((await client.AskAsync(Domain, RecordType.A, stop)).IsAuthentic, Is.EqualTo(trusted));
    }

    [Test]
    public async Task Past_the_cache_every_question_is_asked_and_its_answer_not_kept(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Found(Asked.Address("example.com", $"192.0.2.{asked.Number + 1}")));
        await using var client = Client(resolver.Address);

        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
        var past = await client.AskPastCacheAsync(Domain, RecordType.A, stop);
        Assert.That(past.Records, Is.EqualTo(new[] { new DnsRecord.Address(System.Net.IPAddress.Parse("192.0.2.2")) }));
        Assert.That(await FirstAddress(client, stop), Is.EqualTo("192.0.2.1"));
    }

    [Test]
    public async Task Past_the_cache_the_same_question_at_once_is_asked_once(CancellationToken stop)
    {
        var gate = new TaskCompletionSource();
        await using var resolver = new ScriptedResolver(asked =>
        {
            gate.Task.Wait(stop);
            return asked.Found(Asked.Address("example.com", "192.0.2.1"));
        });
        await using var client = Client(resolver.Address);

        var asked = Enumerable.Range(0, 20).Select(_ => client.AskPastCacheAsync(Domain, RecordType.A, stop)).ToArray();
        gate.SetResult();
        await Task.WhenAll(asked);

        Assert.That(resolver.Count, Is.EqualTo(1));
        Assert.That(asked.Select(one => one.Result.Status), Has.All.EqualTo(LookupStatus.Found));
    }

    [TestCase(60u, 60)]
    [TestCase(3_601u, 3_600)]
    [TestCase(0u, 0)]
    public async Task A_no_tells_how_long_the_resolver_keeps_it(uint minimum, int expected, CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.NoSuchName(minimum));
        await using var client = Client(resolver.Address);

        // The SOA of the script has a TTL of an hour: the smaller one counts. RFC 2308 section 5.
        Assert.That((await client.AskPastCacheAsync(Domain, RecordType.A, stop)).NegativeTtl, Is.EqualTo(TimeSpan.FromSeconds(expected)));
    }

    [TestCase("127.0.0.1:53", true)]
    [TestCase("127.0.0.53", true)]
    [TestCase("[::1]:53", true)]
    [TestCase("127.0.0.1:53 192.0.2.1:53", false)]
    [TestCase("[2001:db8::1]:53", false)]
    public void Only_loopback_counts_as_this_host(string servers, bool expected) =>
        Assert.That(new ServerList(servers.Split(' '), _clock).AreAllLoopback, Is.EqualTo(expected));

    [Test]
    public async Task Questions_and_failures_are_measured(CancellationToken stop)
    {
        await using var resolver = new ScriptedResolver(asked => asked.Query.Type is RecordType.A ? asked.Found(Asked.Address("example.com", "192.0.2.1")) : asked.Code(ResponseCode.Refused));
        await using var client = Client(resolver.Address);
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, client))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Add(Line(instrument, tags)));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => seen.Add(Line(instrument, tags)));
        listener.Start();

        await client.AskAsync(Domain, RecordType.A, stop);
        await client.AskAsync(Domain, RecordType.A, stop);
        await client.AskAsync(Domain, RecordType.Tlsa, stop);

        Assert.That(seen, Is.EqualTo(new[]
        {
            "engine_dns_seconds type=a", "engine_dns_seconds type=tlsa", "engine_dns_failed_total type=tlsa reason=refused",
        }));

        static string Line(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Prepend(instrument.Name));
    }

    private static DnsOptions Options(string[] servers) => new() { Servers = servers, Cache = 1_000 };

    private static async Task<string> FirstAddress(DnsClient client, CancellationToken stop) =>
        (await client.AskAsync(Domain, RecordType.A, stop)).Records is [DnsRecord.Address address, ..] ? address.Value.ToString() : "none";

    private DnsClient Client(params string[] servers) => new(Options(servers), _clock, new Random(1), NullLogger.Instance);
}
