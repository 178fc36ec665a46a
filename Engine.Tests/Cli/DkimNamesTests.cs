using Engine.Cli;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;
using Engine.Tests.Configuration;

namespace Engine.Tests.Cli;

/// <summary>How <c>dkim generate</c> names a key: never as one that was used before.</summary>
internal sealed class DkimNamesTests
{
    private static readonly DomainRotation Unknown = DomainRotation.Empty(DomainName.Parse("acme.example"));
    private static readonly DomainRotation Revoked = Unknown.Revoke("s1", "rsa", "stolen", DateTimeOffset.UnixEpoch);

    [Test]
    public void The_first_is_s1_and_the_next_has_a_name_by_the_date()
    {
        using var directory = new TemporaryDirectory();
        Assert.That(Choose(directory, null, Unknown), Is.EqualTo("s1"));
        Assert.That(Choose(directory, null, Revoked), Does.Match("^r20[0-9]{6}n3$"));

        File.WriteAllText(Path.Join(directory.Path, "acme.example.s1.pem"), string.Empty);
        var dated = Choose(directory, null, Unknown);
        Assert.That(dated, Does.Match("^r20[0-9]{6}n3$"));
        File.WriteAllText(Path.Join(directory.Path, $"acme.example.{dated}.pem"), string.Empty);
        Assert.That(Choose(directory, null, Unknown), Is.EqualTo($"{dated}-2"));
    }

    [Test]
    public void A_name_that_was_used_is_refused()
    {
        using var directory = new TemporaryDirectory();
        Assert.That(() => Choose(directory, "S1", Revoked), Throws.TypeOf<CliError>().With.Message.Contains("revoked since 1970-01-01"));
        Assert.That(Choose(directory, "s2", Revoked), Is.EqualTo("s2"));
    }

    private static string Choose(TemporaryDirectory directory, string? asked, DomainRotation rotation) => DkimVerbs.Choose(asked, directory.Path, KeyKind.Rsa2048, rotation, node: 3);
}
