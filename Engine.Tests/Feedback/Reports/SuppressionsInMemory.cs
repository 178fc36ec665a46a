using System.Security.Cryptography;
using System.Text;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Tests.Feedback.Reports;

/// <summary>A suppression list that forgets everything at the end of a test, and fails when told.</summary>
internal sealed class SuppressionsInMemory : ISuppressionList
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(AddressDigest, SuppressionScope), (SuppressionEntry Entry, string Address)> _entries = [];

    /// <summary>Thrown by the next additions; null for none.</summary>
    public Exception? Fault { get; set; }

    public IReadOnlyList<(SuppressionEntry Entry, string Address)> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Values];
            }
        }
    }

    public static AddressDigest Digest(string address) => AddressDigest.Read(SHA256.HashData(Encoding.UTF8.GetBytes(address.ToLowerInvariant())));

    public AddressDigest DigestOf(in Mailbox address) => Digest(address.ToString());

    public ValueTask<SuppressionEntry?> FindAsync(AddressDigest address, StreamKey stream, StreamClass mailClass, CancellationToken stop) => throw new NotSupportedException();

    public ValueTask<SuppressionEntry?> LookAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop) => throw new NotSupportedException();

    public ValueTask<bool> AddAsync(SuppressionEntry entry, Mailbox address, CancellationToken stop)
    {
        lock (_gate)
        {
            return Fault is { } fault ? ValueTask.FromException<bool>(fault) : ValueTask.FromResult(_entries.TryAdd((entry.Address, entry.Scope), (entry, address.ToString())));
        }
    }

    public ValueTask<bool> RemoveAsync(AddressDigest address, SuppressionScope scope, CancellationToken stop) => throw new NotSupportedException();
}
