using System.Net;
using System.Security.Cryptography;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Demo;

/// <summary>The configuration of a demo's engine: everything on loopback, everything in one directory.</summary>
internal static class DemoPlan
{
    public const string SenderDomain = "demo.test";

    public const string Account = "demo";

    /// <summary>Low, as the hash guards nothing: the password lives as long as the demo.</summary>
    private const int Iterations = 20_000;

    /// <param name="directory">Where everything is kept.</param>
    /// <param name="dns">The responder.</param>
    /// <param name="port">Of all receivers.</param>
    /// <param name="password">Of login <c>demo/generator</c>.</param>
    public static Snapshot Draw(string directory, IPEndPoint dns, int port, string password) => new(
        new EngineOptions
        {
            Hostname = "engine.demo.test",
            State = Path.Join(directory, "state"),
            Queue = new QueueOptions { Memory = ByteSize.MiB(128), MinFreeDisk = ByteSize.MiB(64) },
            Shutdown = new ShutdownOptions { Grace = TimeSpan.FromSeconds(5) },
            Listeners = new Dictionary<string, ListenerOptions>
            {
                ["submission"] = new() { Bind = ["127.0.0.1:0"], Tls = ListenerTls.Off, Auth = ListenerAuth.Required },
            },
            Accounts = new Dictionary<string, AccountOptions> { [Account] = NewAccount(password) },
            Dkim = new DkimOptions { Directory = Path.Join(directory, "dkim") },
            Delivery = new DeliveryOptions
            {
                AllowAddresses = ["127.0.0.0/8"],
                Port = port,
                Retry = new RetryOptions
                {
                    Default = RetrySchedule.Parse("1s x*"),
                    Short = RetrySchedule.Parse("1s x3"),
                    Greylist = RetrySchedule.Parse("3s x*"),
                },
            },
            Dns = new DnsOptions { Servers = [dns.ToString()] },
            Admin = new AdminOptions { Socket = Path.Join(directory, "admin.sock") },
        },
        directory);

    /// <summary>The form engine.json keeps a password in.</summary>
    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, 32);
        return FormattableString.Invariant($"$pbkdf2-sha256${Iterations}${Encode(salt)}${Encode(hash)}");
    }

    private static AccountOptions NewAccount(string password) => new()
    {
        Number = 1,
        Credentials = new Dictionary<string, CredentialOptions> { ["generator"] = new() { Password = Hash(password) } },
        Domains = [SenderDomain, "." + SenderDomain],
        Streams = new Dictionary<string, StreamOptions>
        {
            ["transactional"] = new() { Class = StreamClass.Transactional },
            ["marketing"] = new() { Class = StreamClass.Marketing },
        },
        DefaultStream = "transactional",
    };

    // passlib's base64: a dot for the plus, no padding.
    private static string Encode(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=').Replace('+', '.');
}
