using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Engine.Tests.Delivery.Smtp;

namespace Engine.Tests.Journeys;

/// <summary>A submission server on loopback: STARTTLS, AUTH PLAIN, and what a test wants it to answer.</summary>
internal sealed class RelayPeer : IAsyncDisposable
{
    public const string User = "engine";
    public const string Password = "a good one";

    private readonly X509Certificate2 _certificate = ScriptedPeer.MakeCertificate();
    private readonly ScriptedPeer _peer;
    private readonly ConcurrentQueue<string> _contents = new();

    private RelayPeer() => _peer = ScriptedPeer.Start(PlayAsync);

    public IPEndPoint Address => _peer.Address;

    /// <summary>Name in its greeting and its answer to EHLO.</summary>
    public string Name { get; init; } = "relay.test";

    /// <summary>The answer to RCPT.</summary>
    public Func<string, string> Rcpt { get; init; } = static _ => "250 2.1.5 Ok";

    public IReadOnlyCollection<string> Contents => _contents;

    /// <summary>Logins tried, as they came; the right ones too.</summary>
    public ConcurrentQueue<string> Logins { get; } = new();

    /// <summary>Where clients came from.</summary>
    public ConcurrentQueue<string> Recipients { get; } = new();

    public static RelayPeer Start(string name = "relay.test", Func<string, string>? rcpt = null) => new() { Name = name, Rcpt = rcpt ?? (static _ => "250 2.1.5 Ok") };

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task PlayAsync(PeerTalk talk)
    {
        talk.Say($"220 {Name} ESMTP");
        var (isSecure, isKnown) = (false, false);
        while (await talk.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0])
            {
                case "EHLO":
                    talk.Say($"250-{Name}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 {(isSecure ? "AUTH PLAIN" : "STARTTLS")}");
                    break;
                case "STARTTLS":
                    talk.Say("220 Go");
                    await talk.SecureAsync(_certificate);
                    isSecure = true;
                    break;
                case "AUTH":
                    var login = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2]));
                    Logins.Enqueue(login);
                    isKnown = isSecure && login == $"\0{User}\0{Password}";
                    talk.Say(isKnown ? "235 2.7.0 Ok" : "535 5.7.8 Error: authentication failed");
                    break;
                case "MAIL":
                    talk.Say(isKnown ? "250 Ok" : "530 5.7.0 Authentication required");
                    break;
                case "RCPT":
                    Recipients.Enqueue(line);
                    talk.Say(Rcpt(line));
                    break;
                case "DATA":
                    talk.Say("354 Go");
                    var content = await talk.ReadContentAsync() ?? string.Empty;
                    if (content.Length > 0)
                    {
                        _contents.Enqueue(content);
                    }

                    talk.Say(content.Length > 0 ? "250 2.0.0 Taken" : "554 5.5.1 Nobody");
                    break;
                case "QUIT":
                    talk.Say("221 Bye");
                    await talk.CloseAsync();
                    return;
                default:
                    talk.Say("250 Ok");
                    break;
            }
        }
    }
}
