using Engine.Dkim;

namespace Engine.Tests.Dkim;

internal sealed class NativeEd25519Tests
{
    [SetUp]
    public void Need()
    {
        if (!NativeEd25519.IsAvailable)
        {
            Assert.Ignore("libcrypto.so.3 is not there: apt-get install libssl3");
        }
    }

    // RFC 8032 §7.1, tests 1 to 3 and SHA(abc).
    [TestCase("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [TestCase("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [TestCase("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Signatures_of_RFC_8032_are_good_and_bent_ones_are_not(string key, string message, string signature)
    {
        var (publicKey, text, octets) = (Convert.FromHexString(key), Convert.FromHexString(message), Convert.FromHexString(signature));

        Assert.That(NativeEd25519.Verify(publicKey, text, octets), Is.True);
        for (var at = 0; at < octets.Length; at++)
        {
            octets[at] ^= 1;
            Assert.That(NativeEd25519.Verify(publicKey, text, octets), Is.False, $"octet {at}");
            octets[at] ^= 1;
        }

        Assert.That(NativeEd25519.Verify(publicKey, [.. text, 0], octets), Is.False);
    }

    [TestCase(31, 64)]
    [TestCase(33, 64)]
    [TestCase(32, 63)]
    [TestCase(32, 65)]
    [TestCase(0, 0)]
    public void What_has_not_the_length_is_no_signature(int key, int signature) =>
        Assert.That(NativeEd25519.Verify(new byte[key], new byte[32], new byte[signature]), Is.False);

    // GHSA-m44j-cfrm-g8qc and its like: S beyond the group's order, points that are none, of small order.
    [Test]
    public void Signatures_and_keys_made_to_deceive_are_not_good()
    {
        var seed = Samples.Ed25519();
        var message = new byte[32];
        var good = new byte[64];
        seed.SignHash(message, good);
        var order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var malleable = (byte[])good.Clone();
        for (var (at, carry) = (0, 0); at < 32; at++)
        {
            carry += malleable[32 + at] + order[at];
            malleable[32 + at] = (byte)carry;
            carry >>= 8;
        }

        Assert.That(NativeEd25519.Verify(seed.ExportPublicKey(), message, good), Is.True);
        Assert.That(NativeEd25519.Verify(seed.ExportPublicKey(), message, malleable), Is.False);
        foreach (var fill in (byte[])[0x00, 0xff, 0x02, 0x80])
        {
            Assert.That(NativeEd25519.Verify(Enumerable.Repeat(fill, 32).ToArray(), message, good), Is.False);
        }
    }
}
