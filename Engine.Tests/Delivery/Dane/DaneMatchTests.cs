using System.Security.Cryptography.X509Certificates;
using Engine.Delivery.Dane;
using Engine.Mail;
using Engine.Tests.Delivery.Trust;

namespace Engine.Tests.Delivery.Dane;

/// <summary>Chains that servers send, against their records.</summary>
internal sealed class DaneMatchTests : IDisposable
{
    private static readonly string[] Names = ["mx.example"];

    private readonly Authority _root = Authority.Root();
    private readonly Authority _middle;
    private readonly X509Certificate2 _leaf;

    public DaneMatchTests()
    {
        _middle = _root.Below();
        _leaf = _middle.Issue(Names);
    }

    [TestCase("3 0 0")]
    [TestCase("3 0 1")]
    [TestCase("3 0 2")]
    [TestCase("3 1 0")]
    [TestCase("3 1 1")]
    [TestCase("3 1 2")]
    public void The_servers_own_certificate_is_named(string triple)
    {
        using var other = _middle.Issue(Names);

        Assert.That(Check(TlsaText.Of(triple, _leaf)).Holds, Is.True);
        Assert.That(Check(TlsaText.Of(triple, other)).Failure, Is.EqualTo(TlsFailure.TlsaInvalid));
    }

    [Test]
    public void With_usage_3_neither_names_nor_dates_nor_signers_matter()
    {
        using var old = Authority.SelfSigned(["somebody.else"], fromDays: -100, untilDays: -50);

        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("3 1 1", old)), old, [], Names, Now);

        Assert.That(verdict.Holds, Is.True, verdict.Reason);
    }

    [TestCase("2 0 0")]
    [TestCase("2 0 1")]
    [TestCase("2 0 2")]
    [TestCase("2 1 0")]
    [TestCase("2 1 1")]
    [TestCase("2 1 2")]
    public void An_authority_of_the_chain_is_named(string triple)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Check(TlsaText.Of(triple, _middle.Certificate)).Reason, Is.Empty, "the one below");
            Assert.That(Check(TlsaText.Of(triple, _root.Certificate)).Reason, Is.Empty, "the root");
            Assert.That(Check(TlsaText.Of(triple, _leaf)).Failure, Is.EqualTo(TlsFailure.TlsaInvalid), "the leaf is no authority");
        }
    }

    [Test]
    public void The_root_need_not_be_sent_where_the_one_below_is_named()
    {
        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", _middle.Certificate)), _leaf, [_middle.Certificate], Names, Now);

        Assert.That(verdict.Reason, Is.Empty);
        Assert.That(verdict.Record!.Usage, Is.EqualTo(TlsaUsage.TrustAnchor));
    }

    [TestCase("2 0 0", TlsFailure.None, Description = "the record has the certificate itself")]
    [TestCase("2 0 1", TlsFailure.TlsaInvalid)]
    [TestCase("2 1 1", TlsFailure.TlsaInvalid)]
    public void An_authority_that_is_not_sent(string triple, object expected)
    {
        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of(triple, _root.Certificate)), _leaf, [_middle.Certificate], Names, Now);

        Assert.That(verdict.Failure, Is.EqualTo(expected), verdict.Reason);
    }

    [Test]
    public void A_chain_that_lacks_a_link_does_not_hold()
    {
        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", _root.Certificate)), _leaf, [_root.Certificate], Names, Now);

        Assert.That(verdict.Failure, Is.EqualTo(TlsFailure.TlsaInvalid));
    }

    [Test]
    public void A_forged_signature_does_not_hold()
    {
        using var forged = _middle.Forge(Names);

        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", _middle.Certificate)), forged, [_middle.Certificate, _root.Certificate], Names, Now);

        Assert.That(verdict.Holds, Is.False);
    }

    [Test]
    public void A_leaf_signs_nobody()
    {
        using var below = Authority.Root("mx.example");
        using var mere = below.Issue(["sub.example"]);

        // The one that the record names has the right name, and is a server's certificate.
        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", _leaf)), mere, [_leaf, _middle.Certificate], ["sub.example"], Now);

        Assert.That(verdict.Failure, Is.EqualTo(TlsFailure.CertificateNotTrusted));
    }

    [TestCase("mx.example", "mx.example", true)]
    [TestCase("MX.Example", "mx.example", true)]
    [TestCase("*.example", "mx.example", true)]
    [TestCase("*.example", "a.mx.example", false)]
    [TestCase("*.mx.example", "mx.example", false)]
    [TestCase("m*.example", "mx.example", false)]
    [TestCase("other.example", "mx.example", false)]
    public void With_usage_2_the_name_matters(string has, string reference, bool holds)
    {
        using var leaf = _middle.Issue([has]);

        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", _middle.Certificate)), leaf, [_middle.Certificate], [reference], Now);

        Assert.That(verdict.Failure, Is.EqualTo(holds ? TlsFailure.None : TlsFailure.CertificateHostMismatch));
    }

    [Test]
    public void A_common_name_counts_where_there_is_no_other()
    {
        using var bare = _middle.Issue([], "mx.example");
        using var both = _middle.Issue(["other.example"], "mx.example");
        var tlsa = TlsaText.Set(TlsaText.Of("2 1 1", _middle.Certificate));

        Assert.That(DaneMatch.Check(tlsa, bare, [_middle.Certificate], Names, Now).Holds, Is.True);
        Assert.That(DaneMatch.Check(tlsa, both, [_middle.Certificate], Names, Now).Failure, Is.EqualTo(TlsFailure.CertificateHostMismatch));
    }

    [Test]
    public void Any_of_the_reference_names_will_do() =>
        Assert.That(DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", _middle.Certificate)), _leaf, [_middle.Certificate], ["alias.example", "mx.example"], Now).Holds, Is.True);

    [TestCase(-10, -1, 300)]
    [TestCase(5, 100, 300, Description = "not yet")]
    [TestCase(-10, 100, -1, Description = "the authority's")]
    public void With_usage_2_dates_matter(int leafFrom, int leafUntil, int middleUntil)
    {
        using var middle = _root.Below("dated", untilDays: middleUntil);
        using var leaf = middle.Issue(Names, fromDays: leafFrom, untilDays: leafUntil);

        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", middle.Certificate)), leaf, [middle.Certificate, _root.Certificate], Names, Now);

        Assert.That(verdict.Failure, Is.EqualTo(TlsFailure.CertificateExpired), verdict.Reason);
    }

    [Test]
    public void The_dates_of_who_signed_the_named_authority_do_not_matter()
    {
        using var root = Authority.Root("old", fromDays: -100, untilDays: -50);
        using var middle = root.Below("young");
        using var leaf = middle.Issue(Names);

        var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", middle.Certificate)), leaf, [middle.Certificate, root.Certificate], Names, Now);

        Assert.That(verdict.Reason, Is.Empty);
    }

    [Test]
    public void At_a_roll_over_either_record_is_enough()
    {
        using var next = _middle.Issue(Names);

        Assert.That(Check(TlsaText.Of("3 1 1", next), TlsaText.Of("3 1 1", _leaf)).Holds, Is.True);
        Assert.That(Check(TlsaText.Of("3 1 1", next), TlsaText.Of("2 1 1", _root.Certificate)).Holds, Is.True);
        Assert.That(Check(TlsaText.Of("2 1 1", next), TlsaText.Of("3 1 1", _leaf)).Holds, Is.True);
    }

    [Test]
    public void A_weak_digest_that_holds_does_not_help_where_the_strong_one_does_not()
    {
        using var next = _middle.Issue(Names);

        Assert.That(Check(TlsaText.Of("3 1 2", next), TlsaText.Of("3 1 1", _leaf)).Failure, Is.EqualTo(TlsFailure.TlsaInvalid));
    }

    [Test]
    public void A_long_chain_of_strangers_is_cut()
    {
        var sent = Enumerable.Range(0, 100).Select(number => Authority.Root($"stranger {number}")).ToArray();
        try
        {
            var verdict = DaneMatch.Check(TlsaText.Set(TlsaText.Of("2 1 1", _middle.Certificate)), _leaf, [.. sent.Select(one => one.Certificate), _middle.Certificate], Names, Now);

            Assert.That(verdict.Failure, Is.EqualTo(TlsFailure.TlsaInvalid));
        }
        finally
        {
            Array.ForEach(sent, one => one.Dispose());
        }
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _middle.Dispose();
        _root.Dispose();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private DaneVerdict Check(params Engine.Dns.DnsRecord.Tlsa[] records) =>
        DaneMatch.Check(TlsaText.Set(records), _leaf, [_middle.Certificate, _root.Certificate], Names, Now);
}
