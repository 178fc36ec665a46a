using System.Net;
using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>Sources: addresses that differ, of one family with what they bind, and a name each once there are two.</summary>
internal static class SourceChecks
{
    public static void Run(Draft draft)
    {
        var (addresses, binds) = (new Dictionary<IPAddress, string>(), new Dictionary<IPAddress, string>());
        foreach (var (name, source) in draft.Options.Sources)
        {
            var path = JsonPath.Root["sources"][name];
            if (draft.Options.Sources.Count > 1 && !draft.IsWritten(path["ehlo"]))
            {
                draft.Report.Add(path["ehlo"], "the key 'ehlo' is missing: with two sources or more each needs the name its address has in DNS");
            }

            if (!AddressText.TryParseAddress(source.Address, out var address))
            {
                continue;
            }

            if (!addresses.TryAdd(address, name))
            {
                draft.Report.Add(path["address"], $"{address} is the address of source '{addresses[address]}' already");
                continue;
            }

            Bind(draft, path["bind"], name, source, address, binds);
        }
    }

    private static void Bind(Draft draft, JsonPath path, string name, SourceOptions source, IPAddress address, Dictionary<IPAddress, string> taken)
    {
        if (source.Proxy is not null)
        {
            if (source.Bind is not null)
            {
                draft.Report.Add(path, "has no meaning beside 'proxy': the proxy binds the address");
            }

            return;
        }

        var local = address;
        if (source.Bind is not null && !AddressText.TryParseAddress(source.Bind, out local!))
        {
            return;
        }

        if (local.AddressFamily != address.AddressFamily)
        {
            draft.Report.Add(path, $"{local} cannot stand for {address}: one is IPv4, the other IPv6");
        }
        else if (!taken.TryAdd(local, name))
        {
            draft.Report.Add(path, $"{local} is bound by source '{taken[local]}' already: both would leave from one address");
        }
    }
}
