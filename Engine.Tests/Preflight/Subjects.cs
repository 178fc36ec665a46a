using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using Engine.Dkim;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight;
using Engine.Reputation;

namespace Engine.Tests.Preflight;

/// <summary>Domains under test.</summary>
internal static class Subjects
{
    private static readonly RSA Rsa = RSA.Create(2_048);

    /// <summary>Its mail leaves from 192.0.2.1, a1.mta.example, with return paths at bounce.DOMAIN.</summary>
    public static DomainSubject Of(string domain, params SigningKey[] keys) => new(
        DomainName.Parse(domain),
        DomainName.Parse($"bounce.{domain}"),
        IsOwnPath: true,
        keys,
        [Source("a1", "192.0.2.1", "a1.mta.example")],
        new OwnIdentity(new[] { DomainName.Parse("mta.example"), DomainName.Parse("a1.mta.example") }.ToFrozenSet(), new[] { IPAddress.Parse("192.0.2.1") }.ToFrozenSet()));

    public static Source Source(string name, string address, string ehlo) => new(default, name, IPAddress.Parse(address), IPAddress.Parse(address), ehlo);

    /// <summary>The same key each time, under a name.</summary>
    public static SigningKey Key(string domain, string selector = "s1") => new RsaSigningKey(DomainName.Parse(domain), selector, Rsa);

    /// <summary>All that is needed, as it should be.</summary>
    public static RecordTable Publish(this RecordTable dns, string domain) => dns
        .Txt(DkimRecord.NameOf("s1", DomainName.Parse(domain)), DkimRecord.For(Key(domain)).Text)
        .Txt($"bounce.{domain}", "v=spf1 ip4:192.0.2.1 -all")
        .Mx($"bounce.{domain}", "mta.example")
        .Txt($"_dmarc.{domain}", "v=DMARC1; p=reject; rua=mailto:r@" + domain);
}
