using System.Net;
using Engine.Configuration;
using Engine.Reports.Seeds;
using Engine.Tests.Configuration;
using Engine.Wire;

namespace Engine.Tests.Reports.Seeds;

/// <summary>Visits of tests to a server on loopback that is called <c>imap.example</c>.</summary>
internal sealed class SeedVisits(TestAuthority authority, string password, TimeProvider clock) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ValueTask<SeedVisit> VisitAsync(int port, SeedTls tls, IReadOnlyList<string> tokens, CancellationToken stop, DateTimeOffset? cleanBefore = null, string host = "imap.example", bool isLoopbackAllowed = true)
    {
        IPNetwork[] allow = isLoopbackAllowed ? [IPNetwork.Parse("127.0.0.0/8")] : [];
        var roots = TrustedRoots.With(_directory.Write("roots.pem", authority.RootPem));
        var ways = new SeedWays
        {
            Rule = () => new AddressRule(allow, [], []),
            Roots = () => roots,
            ResolveAsync = (_, _) => ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]),
            Password = _ => password,
        };
        var options = new SeedOptions { Address = "probe@example.com", Imap = $"{host}:{port}", Tls = tls, User = "probe", PasswordFile = "none" };
        return new SeedVisitor(ways, () => new SeedMail("mta1.example.com"), clock).VisitAsync(new SeedPlan("s", "example.com", [string.Empty], options), tokens, cleanBefore, stop);
    }

    public void Dispose() => _directory.Dispose();
}
