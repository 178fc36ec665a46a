using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Tests.Dkim.Rotation;

/// <summary>What may sign and what may leave, over all domains; and the file that remembers it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RotationBookTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly DomainName Domain = DomainName.Parse("acme.example");

    private readonly string _directory = Directory.CreateTempSubdirectory("engine-rotation-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [TestCase("acme.example", "s1", true)]
    [TestCase("ACME.example", "S1", true)]
    [TestCase("acme.example", "s2", false)]
    [TestCase("cme.example", "s1", false)]
    [TestCase("example", "s1.acme", false)]
    [TestCase("other.example", "s1", false)]
    public void Signatures_of_revoked_keys_are_withdrawn(string domain, string selector, bool expected)
    {
        var book = RotationBook.Blank.With(DomainRotation.Empty(Domain).Revoke("s1", "rsa", "stolen", Start));
        Assert.That(book.HasWithdrawn, Is.True);
        Assert.That(book.IsWithdrawn(domain, selector), Is.EqualTo(expected));
    }

    [Test]
    public void A_blank_book_withdraws_nothing()
    {
        Assert.That(RotationBook.Blank.HasWithdrawn, Is.False);
        Assert.That(RotationBook.Blank.IsWithdrawn("acme.example", "s1"), Is.False);
        Assert.That(RotationBook.Blank.With(DomainRotation.Empty(Domain)), Is.SameAs(RotationBook.Blank));
    }

    [TestCase("acme.example", null, true)]
    [TestCase("news.acme.example", null, true)]
    [TestCase("notacme.example", null, false)]
    [TestCase("example", null, false)]
    [TestCase("acme.example", "acme.example", false)]
    [TestCase("acme.example", "esp.example", true)]
    [TestCase("news.acme.example", "news.acme.example", false)]
    public void Mail_waits_while_no_key_of_its_domain_may_sign(string from, string? signer, bool expected)
    {
        var book = RotationBook.Blank.With(DomainRotation.Empty(Domain).Revoke("s1", "rsa", "stolen", Start));
        SigningKey[] keys = signer is null ? [] : [Key(signer)];
        Assert.That(book.IsWithheld(DomainName.Parse(from), keys), Is.EqualTo(expected));
    }

    [Test]
    public void The_file_brings_back_what_was_there()
    {
        var file = new RotationFile(Path.Join(_directory, "dkim-rotation"));
        Assert.That(file.Load().Domains, Is.Empty);
        var rotation = DomainRotation.Empty(Domain)
            .Adopt([new FoundKey("s1", "rsa", Start)])
            .Begin(KeyKind.Ed25519, "e2", isSpare: true, "spare", Start)
            .Revoke("s1", "rsa", "stolen", Start.AddDays(1));
        var book = RotationBook.Blank.With(rotation);
        file.Save(book);

        var read = file.Load();
        Assert.That(read.Version, Is.EqualTo(book.Version));
        Assert.That(read.Of(Domain).Keys, Is.EqualTo(rotation.Keys));
        Assert.That(read.MaySign(Domain, "s1"), Is.False);
        Assert.That(read.MaySign(Domain, "e2"), Is.False);
        Assert.That(read.MaySign(Domain, "s3"), Is.True);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{\"version\":1,\"domains\":[{\"domain\":\"..\",\"keys\":[]}]}")]
    [TestCase("{\"version\":1,\"domains\":[],\"more\":1}")]
    [TestCase("{\"version\":1,\"domains\":[{\"domain\":\"a.example\",\"keys\":[")]
    public void A_damaged_file_is_never_taken_for_an_empty_one(string content)
    {
        var path = Path.Join(_directory, "dkim-rotation");
        File.WriteAllText(path, content);
        Assert.That(() => new RotationFile(path).Load(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(path));
    }

    private static SigningKey Key(string domain)
    {
        Assert.That(PrivateKey.TryRead(PrivateKey.NewEd25519(), DomainName.Parse(domain), "s9", out var key, out var fault), Is.True, fault);
        return key!;
    }
}
