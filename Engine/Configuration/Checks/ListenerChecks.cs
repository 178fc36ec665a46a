using System.Net;
using System.Net.Sockets;
using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>Listeners: TLS that has a certificate, accounts that exist, and never an open relay.</summary>
internal static class ListenerChecks
{
    public static void Run(Draft draft)
    {
        var taken = new Dictionary<IPEndPoint, string>();
        foreach (var (name, listener) in draft.Options.Listeners)
        {
            var path = JsonPath.Root["listeners"][name];
            if (listener.Tls is ListenerTls.Starttls or ListenerTls.Implicit && draft.Options.Tls is null)
            {
                draft.Report.Add(path["tls"], "needs the section 'tls' with a certificate and its key");
            }

            draft.KnownAccount(path["account"], listener.Account);
            Binds(draft, name, listener, taken);
            if (listener.Role is ListenerRole.Feedback)
            {
                Feedback(draft, path, listener);
            }
            else if (listener.Auth is ListenerAuth.None)
            {
                Openness(draft, path, listener);
            }
        }
    }

    // What a reader would take for a door that is open, or for one that is locked.
    private static void Feedback(Draft draft, JsonPath path, ListenerOptions listener)
    {
        foreach (var key in new[] { "auth", "account" })
        {
            if (draft.IsWritten(path[key]))
            {
                draft.Report.Add(path[key], "has no meaning with role \"feedback\": nobody logs in there, and nothing is sent on");
            }
        }

        if (listener.Tls is ListenerTls.Implicit)
        {
            draft.Report.Add(path["tls"], "expected \"starttls\" or \"off\" with role \"feedback\": servers that report speak to port 25 in the clear first");
        }
    }

    private static void Binds(Draft draft, string name, ListenerOptions listener, Dictionary<IPEndPoint, string> taken)
    {
        for (var index = 0; index < listener.Bind.Count; index++)
        {
            if (AddressText.TryParseEndpoint(listener.Bind[index], out var endpoint) && endpoint.Port != 0 && !taken.TryAdd(endpoint, name))
            {
                draft.Report.Add(JsonPath.Root["listeners"][name]["bind"][index], $"{endpoint} is taken by listener '{taken[endpoint]}' already");
            }
        }
    }

    private static void Openness(Draft draft, JsonPath path, ListenerOptions listener)
    {
        for (var index = 0; index < listener.Bind.Count && listener.Clients.Count == 0; index++)
        {
            if (AddressText.TryParseEndpoint(listener.Bind[index], out var endpoint) && !IPAddress.IsLoopback(endpoint.Address))
            {
                draft.Report.Add(path["bind"][index],
                    $"auth \"none\" on {endpoint} needs 'clients', the networks that may connect: without, it is an open relay");
            }
        }

        for (var index = 0; index < listener.Clients.Count; index++)
        {
            if (AddressText.TryParseNetwork(listener.Clients[index], out var network) && IsVeryWide(network))
            {
                draft.Report.Add(path["clients"][index],
                    $"auth \"none\" for {network} is an open relay: expected networks of at least /8 (IPv4) or /16 (IPv6)");
            }
        }
    }

    private static bool IsVeryWide(IPNetwork network) =>
        network.PrefixLength < (network.BaseAddress.AddressFamily is AddressFamily.InterNetwork ? 8 : 16);
}
