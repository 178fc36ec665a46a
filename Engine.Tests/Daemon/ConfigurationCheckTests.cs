using Engine.Configuration;
using Engine.Daemon;
using Engine.Tests.Configuration;
using Engine.Tests.Delivery.Trust;

namespace Engine.Tests.Daemon;

internal sealed class ConfigurationCheckTests
{
    [Test]
    public void Roots_that_are_gone_since_the_file_was_read_refuse_the_configuration_before_anything_is_swapped()
    {
        using var directory = new TemporaryDirectory();
        using var root = Authority.Root();
        var file = directory.Write("roots.pem", root.Certificate.ExportCertificatePem());
        var snapshot = new Snapshot(new EngineOptions
        {
            Hostname = "mta1.example.net",
            State = directory["state"],
            Delivery = new DeliveryOptions { Tls = new DeliveryTlsOptions { Roots = file } },
        });

        var good = ConfigurationCheck.Complete(new LoadResult(snapshot, new Findings()));
        Assert.That(good.Snapshot, Is.Not.Null);
        Assert.That(good.Roots.Policy().CustomTrustStore.Select(one => one.Thumbprint), Does.Contain(root.Certificate.Thumbprint));

        File.Delete(file);
        var gone = ConfigurationCheck.Complete(new LoadResult(snapshot, new Findings()));
        Assert.That((gone.Snapshot, gone.Findings.HasCore), Is.EqualTo(((Snapshot?)null, true)));
        Assert.That(gone.Findings.All.Single().ToString(), Does.Contain("roots.pem").And.Contain("$.delivery.tls.roots"));
    }
}
