using System.Globalization;
using System.Text.Json.Nodes;

namespace Engine.Tests.Reports.Tls;

/// <summary>Holds a report against RFC 8460 §4.4: which keys must be there, of what form, and that there are no others.</summary>
internal static class TlsReportShape
{
    private static readonly HashSet<string> ResultTypes =
    [
        "starttls-not-supported", "certificate-host-mismatch", "certificate-expired", "certificate-not-trusted", "validation-failure",
        "tlsa-invalid", "dnssec-invalid", "dane-required", "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid",
    ];

    /// <summary>Every fault, with its place; none for a good report.</summary>
    /// <param name="report">The JSON.</param>
    /// <param name="isStrict">Whether what the RFC wants of senders, and readers overlook, is asked for.</param>
    public static IReadOnlyList<string> Faults(string report, bool isStrict = true)
    {
        var faults = new List<string>();
        if (JsonNode.Parse(report) is not JsonObject root)
        {
            return ["not an object"];
        }

        Keys(faults, root, "$", ["organization-name", "date-range", "contact-info", "report-id", "policies"], []);
        Keys(faults, root["date-range"] as JsonObject, "$.date-range", ["start-datetime", "end-datetime"], []);
        foreach (var key in (string[])["start-datetime", "end-datetime"])
        {
            if (!DateTimeOffset.TryParseExact(root["date-range"]?[key]?.ToString(), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            {
                faults.Add($"$.date-range.{key}: no time of UTC");
            }
        }

        foreach (var (policy, at) in (root["policies"] as JsonArray ?? []).Select((policy, at) => (policy as JsonObject, at)))
        {
            Policy(faults, policy, $"$.policies[{at}]", isStrict);
        }

        return faults;
    }

    private static void Policy(List<string> faults, JsonObject? entry, string path, bool isStrict)
    {
        Keys(faults, entry, path, ["policy", "summary"], ["failure-details"]);
        var policy = entry?["policy"] as JsonObject;
        Keys(faults, policy, $"{path}.policy", isStrict ? ["policy-type", "policy-domain"] : ["policy-type"], ["policy-string", "mx-host", "policy-domain"]);
        if (isStrict && policy?["policy-type"]?.ToString() is not ("sts" or "tlsa" or "no-policy-found"))
        {
            faults.Add($"{path}.policy.policy-type: {policy?["policy-type"]}");
        }

        var summary = entry?["summary"] as JsonObject;
        Keys(faults, summary, $"{path}.summary", isStrict ? ["total-successful-session-count", "total-failure-session-count"] : ["total-successful-session-count"], ["total-failure-session-count"]);
        var total = 0L;
        foreach (var (detail, at) in (entry?["failure-details"] as JsonArray ?? []).Select((detail, at) => (detail as JsonObject, at)))
        {
            var place = $"{path}.failure-details[{at}]";
            Keys(faults, detail, place, ["result-type", "failed-session-count"], ["sending-mta-ip", "receiving-mx-hostname", "receiving-mx-helo", "receiving-ip", "additional-information", "failure-reason-code"]);
            total += detail?["failed-session-count"]?.GetValue<long>() ?? 0;
            if (!ResultTypes.Contains(detail?["result-type"]?.ToString() ?? string.Empty))
            {
                faults.Add($"{place}.result-type: {detail?["result-type"]}");
            }
        }

        if (total != (summary?["total-failure-session-count"]?.GetValue<long>() ?? 0))
        {
            faults.Add($"{path}: the details count {total}, the summary does not");
        }
    }

    private static void Keys(List<string> faults, JsonObject? node, string path, string[] wanted, string[] allowed)
    {
        if (node is null)
        {
            faults.Add($"{path}: no object");
            return;
        }

        faults.AddRange(wanted.Where(key => node[key] is null).Select(key => $"{path}.{key} is missing"));
        faults.AddRange(node.Select(one => one.Key).Where(key => !wanted.Contains(key) && !allowed.Contains(key)).Select(key => $"{path}.{key} is unknown"));
    }
}
