using Engine.Mail;

namespace Engine.Tests.Mail;

internal sealed class OperatorNameTests
{
    [TestCase("google", "google")]
    [TestCase("proofpoint:mx1.acme.example", "proofpoint")]
    [TestCase("mx.example.net+0a1b2c", "mx.example.net+0a1b2c")]
    [TestCase("relay:backup", "relay")]
    public void A_provider_stands_before_the_colon(string name, string provider) => Assert.That(OperatorName.ProviderIn(name), Is.EqualTo(provider));

    [Test]
    public void A_set_of_one_host_goes_by_its_name_and_one_of_several_is_marked_by_all_of_them()
    {
        Assert.That(OperatorName.OfSet("mx.example.net", "10:mx.example.net:25", 1), Is.EqualTo("mx.example.net"));
        var (own, foreign) = (OperatorName.OfSet("mx.example.net", "10:mx.example.net:25 20:b.example.net:25", 2), OperatorName.OfSet("mx.example.net", "10:mx.example.net:25 20:evil.example:25", 2));

        Assert.That(own, Does.StartWith("mx.example.net+"));
        Assert.That(own, Is.Not.EqualTo(foreign));
        Assert.That(own, Is.EqualTo(OperatorName.OfSet("mx.example.net", "10:mx.example.net:25 20:b.example.net:25", 2)));
    }

    [Test]
    public void A_single_label_is_nobodys_provider() => Assert.That(OperatorName.OfSet("google", "10:google:25", 1), Is.EqualTo("mx:google"));
}
