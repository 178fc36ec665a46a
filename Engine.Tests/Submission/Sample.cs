using System.Security.Cryptography;
using Engine.Configuration;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>A configuration with one of everything submission looks at.</summary>
internal static class Sample
{
    /// <summary>Of every login. A cheap hash: tests are not attacked.</summary>
    public const string Password = "correct horse";

    private static readonly string Hash = StoredPassword.Make(Password, RandomNumberGenerator.Create(), iterations: 10_000).ToString();

    public static EngineOptions Options => new()
    {
        Hostname = "mta1.example.com",
        Listeners = new Dictionary<string, ListenerOptions>
        {
            ["submission"] = new() { Bind = ["127.0.0.1:0"], Tls = ListenerTls.Off },
            ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off },
        },
        Accounts = new Dictionary<string, AccountOptions>
        {
            ["acme"] = Acme,
            ["review"] = Acme with { Status = AccountStatus.Review },
            ["paused"] = Acme with { Status = AccountStatus.Paused },
            ["disabled"] = Acme with { Status = AccountStatus.Disabled },
            ["broken"] = Acme,
            ["plain"] = Acme with { Streams = new Dictionary<string, StreamOptions>(), DefaultStream = null },
            ["choosy"] = Acme with { DefaultStream = null },
        },
        Injectors = new Dictionary<string, InjectorOptions> { ["platform"] = new() { Password = Hash, ActFor = ["acme", "review"] } },
        Pools = new Dictionary<string, PoolOptions>
        {
            ["tx"] = new() { Class = StreamClass.Transactional },
            ["others"] = new() { Class = StreamClass.Marketing, ExclusiveTo = ["somebody"] },
            ["bulk"] = new() { Class = StreamClass.Marketing },
            ["slow"] = new() { Class = StreamClass.Marketing, ExclusiveTo = ["acme"] },
        },
    };

    public static AccountOptions Acme => new()
    {
        Domains = ["acme.example", ".mail.acme.example"],
        Credentials = new Dictionary<string, CredentialOptions>
        {
            ["app"] = new() { Password = Hash },
            ["otp"] = new() { Password = Hash, Streams = ["otp"] },
            ["far"] = new() { Password = Hash, Clients = ["203.0.113.0/24"] },
        },
        Streams = new Dictionary<string, StreamOptions>
        {
            ["otp"] = new() { Class = StreamClass.Transactional, GiveUp = TimeSpan.FromMinutes(15) },
            ["news"] = new() { Class = StreamClass.Marketing, Pool = "bulk" },
        },
        DefaultStream = "news",
    };

    public static Snapshot Snapshot(EngineOptions? options = null) =>
        new(options ?? Options, ".", new HashSet<string> { "broken" }, new HashSet<string> { "broken.mail.acme.example" });
}
