using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;
using Engine.Delivery.Dane;
using Engine.Delivery.Trust;
using Engine.Mail;
using Engine.Routing;
using Engine.Tests.Delivery.Dane;

namespace Engine.Tests.Delivery.Trust;

/// <summary>What TLS with a host must come to, row by row.</summary>
internal sealed class TlsTermsTests : IDisposable
{
    private readonly X509Certificate2 _leaf = Authority.SelfSigned(["mx.example"]);

    // configured, wish, sts, dane: level, proof, policy; ! for a host that is not used, !! for good, ours where it is not to blame, ? for a trial, R for REQUIRETLS.
    [TestCase("opportunistic usual none none", "Opportunistic None None")]
    [TestCase("required usual none none", "Required None None")]
    [TestCase("verified usual none none", "Verified Pkix None")]
    [TestCase("off usual none none", "Off None None")]
    [TestCase("off usual enforce usable", "Off None None", Description = "an order of the operator's stays")]
    [TestCase("opportunistic usual none usable", "Verified Dane Tlsa")]
    [TestCase("required usual none usable", "Verified Dane Tlsa")]
    [TestCase("verified usual none usable", "Verified Dane Tlsa", Description = "DANE alone: no roots")]
    [TestCase("opportunistic usual none unusable", "Required None Tlsa TlsaInvalid")]
    [TestCase("verified usual none unusable", "Verified Pkix None")]
    [TestCase("opportunistic usual none failed", "! Tlsa DnssecInvalid")]
    [TestCase("opportunistic usual none unanswered", "ours Tlsa None")]
    [TestCase("opportunistic usual enforce unanswered", "ours Tlsa None")]
    [TestCase("opportunistic required authentic unanswered", "ours Tlsa None")]
    [TestCase("off usual none unanswered", "Off None None")]
    [TestCase("opportunistic optional none unanswered", "Opportunistic None None")]
    [TestCase("opportunistic usual enforce none", "Verified Sts Sts")]
    [TestCase("opportunistic usual enforce usable", "Verified Dane Tlsa", Description = "RFC 8461 §2")]
    [TestCase("opportunistic usual enforce unusable", "Verified Sts Sts")]
    [TestCase("opportunistic usual enforce failed", "! Tlsa DnssecInvalid", Description = "a policy must not override DANE that fails")]
    [TestCase("opportunistic usual enforce-other none", "! Sts ValidationFailure")]
    [TestCase("opportunistic usual enforce-other usable", "Verified Dane Tlsa")]
    [TestCase("opportunistic usual testing none", "Opportunistic Sts Sts ?")]
    [TestCase("required usual testing none", "Required Sts Sts ?")]
    [TestCase("opportunistic usual testing-other none", "Opportunistic Sts Sts ValidationFailure ?")]
    [TestCase("verified usual testing none", "Verified Pkix None")]
    [TestCase("opportunistic required none none", "!! R", Description = "nobody vouches for the name")]
    [TestCase("opportunistic required sure none", "Verified Pkix None R")]
    [TestCase("opportunistic required authentic none", "Verified Pkix None R")]
    [TestCase("opportunistic required enforce none", "Verified Sts Sts R")]
    [TestCase("opportunistic required testing none", "Verified Pkix None R")]
    [TestCase("opportunistic required testing-other none", "!! R")]
    [TestCase("opportunistic required enforce-other none", "!! R")]
    [TestCase("opportunistic required authentic usable", "Verified Dane Tlsa R")]
    [TestCase("opportunistic required authentic unusable", "Verified Pkix None R")]
    [TestCase("opportunistic required authentic failed", "! Tlsa DnssecInvalid")]
    [TestCase("off required authentic none", "!! R")]
    [TestCase("opportunistic optional enforce usable", "Opportunistic None None", Description = "RFC 8689 §4.2.2")]
    [TestCase("opportunistic optional enforce-other failed", "Opportunistic None None")]
    [TestCase("required optional none none", "Required None None", Description = "what we ask ourselves stays")]
    public void A_host_must_come_to(string facts, string expected)
    {
        var words = facts.Split(' ');
        var requirement = new TlsRequirement
        {
            Sts = words[2].StartsWith("enforce", StringComparison.Ordinal) ? StsMode.Enforce : words[2].StartsWith("testing", StringComparison.Ordinal) ? StsMode.Testing : StsMode.None,
            MxPatterns = words[2].EndsWith("other", StringComparison.Ordinal) ? ["mx.other"] : words[2] is "enforce" or "testing" ? ["*.example"] : [],
            IsMxAuthentic = words[2] is "authentic",
        };
        var dane = words[3] switch
        {
            "usable" => new DaneAnswer(DaneState.Found, TlsaText.Set(TlsaText.Of("3 1 1", _leaf)), "mx.example"),
            "unusable" => new DaneAnswer(DaneState.Found, TlsaText.Set(TlsaText.Of("1 1 1", _leaf)), "mx.example"),
            "failed" => new DaneAnswer(DaneState.Failed, null, "mx.example"),
            "unanswered" => new DaneAnswer(DaneState.Unanswered, null, "mx.example"),
            _ => DaneAnswer.None,
        };

        var demand = TlsTerms.Choose(new HostFacts("mx.example", Enum.Parse<TlsPolicy>(words[0], ignoreCase: true), Enum.Parse<TlsWish>(words[1], ignoreCase: true), requirement, dane, words[2] is "sure"));

        Assert.That(TextOf(demand), Is.EqualTo(expected));
        Assert.That(demand.MayBeClear, Is.EqualTo(demand.Level is TlsPolicy.Off or TlsPolicy.Opportunistic));
    }

    [Test]
    public void Sessions_of_different_demands_are_kept_apart()
    {
        var dane = TlsDemand.Dane(TlsaText.Set(TlsaText.Of("3 1 1", _leaf)));
        TlsDemand[] all = [TlsDemand.Opportunistic, TlsDemand.Encrypted, TlsDemand.Pkix("mx.example"), TlsDemand.Pkix("mx2.example"), TlsDemand.Pkix("mx.example", TlsProof.Sts), dane, dane with { NeedsRequireTls = true }];

        Assert.That(all.Select(demand => (demand.Level, demand.Key)), Is.Unique);
        Assert.That((dane with { NeedsRequireTls = true }).Key, Is.EqualTo("requiretls dane mx.example"));
    }

    [TestCase(BodyNeeds.EightBit, false, TlsWish.Usual)]
    [TestCase(BodyNeeds.RequireTls, false, TlsWish.Required)]
    [TestCase(BodyNeeds.RequireTls, true, TlsWish.Usual, Description = "a notice goes on all the same: RFC 8689 §5")]
    [TestCase(BodyNeeds.TlsOptional, false, TlsWish.Optional)]
    [TestCase(BodyNeeds.TlsOptional, true, TlsWish.Optional)]
    public void A_message_wishes(object needs, bool isNullSender, object expected) =>
        Assert.That(SessionWish.Of((BodyNeeds)needs, isNullSender), Is.EqualTo((TlsWish)expected));

    public void Dispose() => _leaf.Dispose();

    private static string TextOf(TlsDemand demand) => string.Join(' ', Parts(demand));

    private static IEnumerable<string> Parts(TlsDemand demand)
    {
        if (demand.Refusal is not null)
        {
            yield return demand.IsOurTrouble ? "ours" : demand.IsRefusedForGood ? "!!" : "!";
            if (!demand.IsRefusedForGood)
            {
                yield return $"{demand.Policy} {demand.Fault}";
            }
        }
        else
        {
            yield return $"{demand.Level} {demand.Proof} {demand.Policy}";
            if (demand.Fault is not TlsFailure.None)
            {
                yield return demand.Fault.ToString();
            }
        }

        if (demand.IsTrial)
        {
            yield return "?";
        }

        if (demand.NeedsRequireTls)
        {
            yield return "R";
        }
    }
}
