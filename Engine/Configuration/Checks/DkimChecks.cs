using System.Buffers;
using Engine.Configuration.Reading;
using Engine.Mail;

namespace Engine.Configuration.Checks;

/// <summary>What signatures say of themselves: i= is in the domain that signs, x= comes no earlier than the last attempt.</summary>
internal static class DkimChecks
{
    // What stands in i= as it is: RFC 6376 §2.11 would have the rest encoded.
    private static readonly SearchValues<char> PlainLocal = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/?^_`{|}~.");

    public static void Run(Draft draft)
    {
        var dkim = JsonPath.Root["dkim"];
        Expires(draft, dkim["expires"], draft.Options.Dkim.Expires);
        for (var at = 0; at < draft.Options.Dkim.Also.Count; at++)
        {
            var also = draft.Options.Dkim.Also[at];
            Identity(draft, dkim["also"][at]["identity"], also.Identity, also.Domain);
            Expires(draft, dkim["also"][at]["expires"], also.Expires);
        }

        foreach (var (name, domain) in draft.Options.Domains)
        {
            for (var at = 0; at < domain.Dkim.Count; at++)
            {
                var path = JsonPath.Root["domains"][name]["dkim"][at];
                Identity(draft, path["identity"], domain.Dkim[at].Identity, name);
                Expires(draft, path["expires"], domain.Dkim[at].Expires);
            }
        }
    }

    private static void Identity(Draft draft, JsonPath path, string? identity, string signer)
    {
        if (identity is null)
        {
            return;
        }

        if (!DomainName.TryParse(signer, out var domain))
        {
            // Of a name that is none something has been said already.
            if (signer == "*")
            {
                draft.Report.Add(path, "the keys of '*' sign for many domains: expected no identity");
            }

            return;
        }

        var at = identity.LastIndexOf('@');
        var isFit = at >= 0
            && !identity.AsSpan(0, at).ContainsAnyExcept(PlainLocal)
            && DomainName.TryParse(identity[(at + 1)..], out var own)
            && (own == domain || own.IsBelow(domain));
        if (!isFit)
        {
            draft.Report.Add(path, $"expected LOCAL@DOMAIN or @DOMAIN in {domain} or below it, found \"{identity}\"");
        }
    }

    // A message may wait so long and must still arrive with a signature that holds.
    private static void Expires(Draft draft, JsonPath path, TimeSpan? expires)
    {
        var giveUp = draft.Options.Delivery.GiveUp;
        var streams = draft.Options.Accounts.Values.SelectMany(account => account.Streams.Values).Select(stream => stream.GiveUp ?? default);
        var last = streams.Append(giveUp.Transactional).Append(giveUp.Marketing).Append(giveUp.MailboxFull).Max();
        if (expires < last)
        {
            draft.Report.Add(path, $"must not be below the longest giveUp ({last.TotalHours} h), but is {expires.Value.TotalHours} h: queued mail would arrive with a signature that has ended");
        }
    }
}
