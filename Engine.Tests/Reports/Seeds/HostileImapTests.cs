using Engine.Configuration;
using Engine.Reports.Imap;
using Engine.Reports.Seeds;

namespace Engine.Tests.Reports.Seeds;

/// <summary>Servers that mean ill or are broken: every visit ends, in trouble of few words, and the password is in none.</summary>
[CancelAfter(120_000)]
internal sealed class HostileImapTests
{
    private const string Password = "se\"cr\\et w\u00f6rd";
    private const string Greeting = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello\r\n";

    private static readonly string Endless = new('x', 100_000);

    private static readonly (string Name, string Greeting, Func<string, string?> Reply, string Trouble)[] Cases =
    [
        ("endless greeting", $"* OK {Endless}", _ => null, "longer lines or literals"),
        ("no IMAP", "220 mx.example ESMTP\r\n", _ => null, "does not greet"),
        ("closes after the greeting", Greeting, _ => null, "the login was refused or not answered"),
        ("wrong tag", Greeting, _ => "X9 OK fine\r\n", "the login was refused or not answered"),
        ("repeats the password", Greeting, line => $"TAG NO [AUTHENTICATIONFAILED] not {line} {Password}\r\n", "the login was refused (AUTHENTICATIONFAILED)"),
        ("a code of its own", Greeting, line => $"TAG NO [{line.Split(' ')[^1]}] no\r\n", "the login was refused or not answered"),
        ("says too much", Greeting, line => LoggedIn(line) ?? string.Concat(Enumerable.Repeat("* 1 EXISTS\r\n", ImapSession.MaxLines + 1)), "the server says too much"),
        ("huge literal", Greeting, line => LoggedIn(line) ?? (line.StartsWith("UID FETCH", StringComparison.Ordinal) ? "* 1 FETCH (BODY[HEADER] {999999999}\r\n" : line.StartsWith("UID SEARCH", StringComparison.Ordinal) ? "* SEARCH 1\r\nTAG OK\r\n" : "TAG OK\r\n"), "longer lines or literals"),
        ("refuses the inbox", Greeting, line => LoggedIn(line) ?? (line.StartsWith("EXAMINE", StringComparison.Ordinal) ? "TAG NO it is away\r\n" : "TAG OK\r\n"), "NO it is away"),
    ];

    private static IEnumerable<TestCaseData> All => Cases.Select((one, at) => new TestCaseData(at).SetArgDisplayNames(one.Name));

    [TestCaseSource(nameof(All))]
    public async Task A_visit_ends_in_trouble(int index, CancellationToken stop)
    {
        var (_, greeting, reply, trouble) = Cases[index];
        var visit = await VisitAsync(greeting, reply, stop);
        Assert.That(visit.Trouble, Does.Contain(trouble));
        Assert.That(visit.Trouble, Does.Not.Contain("cr").And.Not.Contain(new SeedLogin("probe", Password).Plain));
        Assert.That(visit.Found, Is.Empty);
    }

    [Test]
    public async Task A_server_that_keeps_silent_costs_its_time_and_no_more(CancellationToken stop)
    {
        var clock = new ManualClock();
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, clock);
        await using var server = new ScriptedImap(string.Empty, _ => string.Empty, authority);
        var visit = visits.VisitAsync(server.Port, SeedTls.Implicit, ["token"], stop).AsTask();
        while (!visit.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.That((await visit).Trouble, Is.Not.Empty);
    }

    [Test]
    public async Task Words_put_in_front_of_the_handshake_are_not_taken(CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var server = new ScriptedImap("* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n", _ => "TAG OK begin\r\n* CAPABILITY IMAP4rev1 LOGIN\r\n", authority: null);
        var visit = await visits.VisitAsync(server.Port, SeedTls.Starttls, ["token"], stop);
        Assert.That(visit.Trouble, Is.EqualTo("the server sent something in the clear behind its answer to STARTTLS"));
    }

    [TestCase("imap.example", "connecting to imap.example: ")]
    [TestCase("127.0.0.1", "")]
    public async Task A_name_leads_only_where_addresses_are_allowed_and_a_literal_where_it_says(string host, string trouble, CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var server = new ScriptedImap("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n", _ => "TAG OK\r\n", authority: null);
        var visit = await visits.VisitAsync(server.Port, SeedTls.Starttls, ["token"], stop, host: host, isLoopbackAllowed: false);
        Assert.That(visit.Trouble, Does.StartWith(trouble.Length > 0 ? trouble : "the server offers no STARTTLS"));
    }

    [Test]
    public async Task Without_STARTTLS_nobody_logs_in(CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var server = new ScriptedImap("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n", _ => "TAG OK\r\n", authority: null);
        var visit = await visits.VisitAsync(server.Port, SeedTls.Starttls, ["token"], stop);
        Assert.That(visit.Trouble, Is.EqualTo("the server offers no STARTTLS"));
        Assert.That(server.Heard, Is.Empty);
    }

    [Test]
    public async Task A_password_that_quotes_cannot_hold_goes_as_a_literal(CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var server = new ScriptedImap(
            "* OK [CAPABILITY IMAP4rev1] hello\r\n",
            line => line.EndsWith('}') ? "+ go on\r\n" : line.StartsWith("UID SEARCH", StringComparison.Ordinal) ? "* SEARCH\r\nTAG OK\r\n" : line.StartsWith("CAPABILITY", StringComparison.Ordinal) ? "* CAPABILITY IMAP4rev1\r\nTAG OK\r\n" : "TAG OK\r\n",
            authority);
        var visit = await visits.VisitAsync(server.Port, SeedTls.Implicit, ["token"], stop);
        Assert.That(visit.Trouble, Is.Empty);
        Assert.That(server.Heard[0], Is.EqualTo("E1 LOGIN \"probe\" {14}"));
        Assert.That(server.Heard[1], Is.EqualTo(System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(Password))));
    }

    private static string? LoggedIn(string line) => line switch
    {
        _ when line.StartsWith("AUTHENTICATE", StringComparison.Ordinal) => "TAG OK in\r\n",
        "CAPABILITY" => "* CAPABILITY IMAP4rev1\r\nTAG OK\r\n",
        _ => null,
    };

    private static async Task<SeedVisit> VisitAsync(string greeting, Func<string, string?> reply, CancellationToken stop)
    {
        using var authority = new TestAuthority();
        using var visits = new SeedVisits(authority, Password, TimeProvider.System);
        await using var server = new ScriptedImap(greeting, reply, authority);
        return await visits.VisitAsync(server.Port, SeedTls.Implicit, ["token"], stop);
    }
}
