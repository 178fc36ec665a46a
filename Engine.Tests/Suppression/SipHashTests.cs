using System.Buffers.Binary;
using Engine.Suppression;

namespace Engine.Tests.Suppression;

/// <summary>The rows of the paper's reference vectors for a tag of 128 bits; <c>openssl mac -macopt size:16 … SIPHASH</c> gives the same.</summary>
internal sealed class SipHashTests
{
    [TestCase(0, "A3817F04BA25A8E66DF67214C7550293")]
    [TestCase(1, "DA87C1D86B99AF44347659119B22FC45")]
    [TestCase(7, "A1F1EBBED8DBC153C0B84AA61FF08239")]
    [TestCase(8, "3B62A9BA6258F5610F83E264F31497B4")]
    [TestCase(15, "5493E99933B0A8117E08EC0F97CFC3D9")]
    [TestCase(16, "6EE2A4CA67B054BBFD3315BF85230577")]
    [TestCase(31, "2939B0183223FAFC1723DE4F52C43D35")]
    [TestCase(63, "5150D1772F50834A503E069A973FBD7C")]
    public void The_tag_is_that_of_the_reference(int length, string expected)
    {
        var message = Enumerable.Range(0, length).Select(octet => (byte)octet).ToArray();
        var hash = new SipHash(Convert.FromHexString("000102030405060708090A0B0C0D0E0F"));

        var (first, last) = hash.Of(message);
        var tag = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(tag, first);
        BinaryPrimitives.WriteUInt64LittleEndian(tag.AsSpan(8), last);

        Assert.That(Convert.ToHexString(tag), Is.EqualTo(expected));
    }
}
