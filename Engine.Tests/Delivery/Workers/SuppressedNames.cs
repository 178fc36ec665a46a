using System.Security.Cryptography;
using System.Text;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Tests.Delivery.Workers;

/// <summary>A list of addresses that get nothing from anybody. Nothing else of it is asked.</summary>
internal sealed class SuppressedNames : ISuppressionList
{
    public HashSet<string> Names { get; } = [];

    public AddressDigest DigestOf(in Mailbox address) => Digest(address.ToString());

    public ValueTask<SuppressionEntry?> FindAsync(AddressDigest address, StreamKey stream, StreamClass mailClass, CancellationToken stop) =>
        new(Names.Any(name => Digest(name) == address) ? new SuppressionEntry(address, SuppressionScope.Global, default, default, DateTimeOffset.UnixEpoch) : null);

    public ValueTask<SuppressionEntry?> LookAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop) => throw new NotSupportedException();

    public ValueTask<bool> AddAsync(SuppressionEntry entry, Mailbox address, CancellationToken stop) => throw new NotSupportedException();

    public ValueTask<bool> RemoveAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop) => throw new NotSupportedException();

    private static AddressDigest Digest(string address) => AddressDigest.Read(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
}
