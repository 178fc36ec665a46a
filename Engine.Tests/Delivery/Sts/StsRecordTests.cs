using Engine.Delivery.Sts;
using Engine.Dns;

namespace Engine.Tests.Delivery.Sts;

/// <summary>RFC 8461 §3.1.</summary>
internal sealed class StsRecordTests
{
    [TestCase("v=STSv1; id=20160831085700Z;", "20160831085700Z")]
    [TestCase("v=STSv1;id=a", "a")]
    [TestCase("v=STSv1 \t; id=a ; ", "a")]
    [TestCase("v=STSv1; more=x y; id=B7; even.more_2=%", "B7")]
    [TestCase("v=STSv1; id=first; id=second", "first")]
    [TestCase("v=STSv1; id=12345678901234567890123456789012", "12345678901234567890123456789012")]
    public void A_record_names_the_policy(string text, string id)
    {
        Assert.That(StsRecord.Find([new DnsRecord.Text(text)])?.Id, Is.EqualTo(id));
    }

    [TestCase("v=STSv1;")]
    [TestCase("v=STSv1")]
    [TestCase("v=STSv2; id=a")]
    [TestCase("v=stsv1; id=a")]
    [TestCase("id=a; v=STSv1;")]
    [TestCase(" v=STSv1; id=a")]
    [TestCase("v=STSv1; ID=a")]
    [TestCase("v=STSv1; id=")]
    [TestCase("v=STSv1; id=a-b")]
    [TestCase("v=STSv1; id=a b")]
    [TestCase("v=STSv1; id=123456789012345678901234567890123")]
    [TestCase("v=STSv1; id=a;; more=x")]
    [TestCase("v=STSv1; id=a; nonsense")]
    [TestCase("v=STSv1; id=a; =x")]
    [TestCase("v=STSv1; id=a; more=")]
    [TestCase("v=STSv1; id=a; a_name_that_is_longer_than_thirty_two=x")]
    [TestCase("v=spf1 -all")]
    [TestCase("")]
    public void What_is_no_record_counts_as_none(string text)
    {
        Assert.That(StsRecord.Find([new DnsRecord.Text(text)]), Is.Null);
    }

    [Test]
    public void Other_texts_are_passed_over_and_two_records_count_as_none()
    {
        var (other, record) = (new DnsRecord.Text("v=spf1 -all"), new DnsRecord.Text("v=STSv1; id=a"));

        Assert.That(StsRecord.Find([other, record, other])?.Id, Is.EqualTo("a"));
        Assert.That(StsRecord.Find([record, new DnsRecord.Text("v=STSv1; id=b")]), Is.Null);
        Assert.That(StsRecord.Find([record, new DnsRecord.Text("v=STSv1; broken")]), Is.Null, "also where one of them is broken");
        Assert.That(StsRecord.Find([]), Is.Null);
    }
}
