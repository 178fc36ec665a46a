using System.Net;
using Engine.Configuration.Binding;
using Engine.Configuration.Providers;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration.Checks;

/// <summary>Relays: a host that is not ourselves, a login that is whole and never in the clear, categories that exist; and what pools do when they are empty.</summary>
internal static class RelayChecks
{
    public static void Run(Draft draft)
    {
        foreach (var (name, relay) in draft.Options.Relays)
        {
            var path = JsonPath.Root["relays"][name];
            Host(draft, path["host"], relay);
            Login(draft, path, relay);
            Categories(draft, path["never"], relay.Never);
            for (var index = 0; index < relay.When.Count; index++)
            {
                Categories(draft, path["when"][index]["categories"], relay.When[index].Categories);
            }

            if (relay.Quota is { } quota && quota.Per != TimeSpan.FromHours(1) && quota.Per != TimeSpan.FromDays(1))
            {
                draft.Report.Add(path["quota"], $"expected a number per hour or day such as \"50000/d\", found \"{quota}\"");
            }
        }

        foreach (var (name, pool) in draft.Options.Pools)
        {
            Fallback(draft, JsonPath.Root["pools"][name]["onEmpty"], pool);
        }
    }

    private static void Host(Draft draft, JsonPath path, RelayOptions relay)
    {
        if (!AddressText.TryParseHost(relay.Host, out var host, defaultPort: 0))
        {
            return;
        }

        if (host.Port != 0)
        {
            draft.Report.Add(path, "expected no port here: it has a key of its own, 'port'");
        }

        var names = draft.Options.Sources.Values.Select(source => source.Ehlo).Append(draft.Options.Hostname);
        if (host.Address is null ? names.Any(own => DomainName.TryParse(own ?? string.Empty, out var domain) && domain == host.Name) : Listens(draft, host.Address, relay.Port))
        {
            draft.Report.Add(path, $"{relay.Host} is this engine itself: mail would loop");
        }
    }

    private static bool Listens(Draft draft, IPAddress address, int port) => draft.Options.Listeners.Values
        .SelectMany(listener => listener.Bind)
        .Any(bind => AddressText.TryParseEndpoint(bind, out var endpoint)
            && endpoint.Port == port
            && (endpoint.Address.Equals(address) || (IPAddress.IsLoopback(address) && (endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any)))));

    private static void Login(Draft draft, JsonPath path, RelayOptions relay)
    {
        if ((relay.User is null) != (relay.PasswordFile is null))
        {
            draft.Report.Add(path[relay.User is null ? "user" : "passwordFile"], "'user' and 'passwordFile' belong together");
            return;
        }

        if (relay.User is null)
        {
            return;
        }

        if (relay.User.Length == 0 || relay.User.Contains('\0', StringComparison.Ordinal))
        {
            draft.Report.Add(path["user"], "expected a user name");
        }

        var isHere = AddressText.TryParseHost(relay.Host, out var host) && host.Address is { } address && IPAddress.IsLoopback(address);
        if (relay.Tls is TlsPolicy.Off && !isHere)
        {
            draft.Report.Add(path["tls"], "\"off\" would send the password in the clear: that is for a loopback address only");
        }

        Password(draft, path["passwordFile"], relay.PasswordFile!);
    }

    // That it is there and is kept secret is SecretFileCheck's to say.
    private static void Password(Draft draft, JsonPath path, string file)
    {
        if (TextForms.Fault(TextForm.Path, file) is not null)
        {
            return;
        }

        try
        {
            if (Configuration.Login.PasswordIn(File.ReadAllText(draft.PathTo(file))) is null)
            {
                draft.Report.Add(path, $"the file {draft.PathTo(file)} holds no password: expected one line of at most {Configuration.Login.MaxFile} characters");
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Reported there.
        }
    }

    private static void Categories(Draft draft, JsonPath path, IReadOnlyList<string> categories)
    {
        for (var index = 0; index < categories.Count; index++)
        {
            draft.Known(path[index], "category", categories[index], CategoryIds.All);
        }
    }

    private static void Fallback(Draft draft, JsonPath path, PoolOptions pool)
    {
        if (!PoolFallback.TryParse(pool.OnEmpty, out var fallback))
        {
            return;
        }

        if (fallback.Relay is { } relay)
        {
            draft.Known(path, "relay", relay, draft.Options.Relays.Keys);
            if (draft.Options.Relays.TryGetValue(relay, out var options) && !options.Class.Contains(pool.Class))
            {
                draft.Report.Add(path, $"the relay '{relay}' takes no {Spelling.Of(pool.Class)} mail");
            }
        }
    }
}
