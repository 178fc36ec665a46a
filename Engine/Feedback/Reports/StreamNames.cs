using System.Collections.Frozen;
using System.Globalization;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>What the numbers of a <see cref="StreamKey"/> are called in the configuration in force. Thread-safe.</summary>
/// <remarks>An account or stream that has gone, or is on another host of the fleet only, stands as <c>#NUMBER</c>: suppression needs no more than the number.</remarks>
internal sealed class StreamNames(CurrentSnapshot current)
{
    private Known _known = new(current.Value);

    private sealed class Known(Snapshot snapshot)
    {
        public Snapshot Snapshot { get; } = snapshot;

        public FrozenDictionary<StreamKey, (string Account, string Stream)> Streams { get; } = All(snapshot).DistinctBy(pair => pair.Key).ToFrozenDictionary();

        public FrozenDictionary<uint, string> Accounts { get; } =
            snapshot.Accounts.DistinctBy(account => StreamKey.NumberOf(account.Key, account.Value.Number)).ToFrozenDictionary(account => StreamKey.NumberOf(account.Key, account.Value.Number), account => account.Key);

        private static IEnumerable<KeyValuePair<StreamKey, (string Account, string Stream)>> All(Snapshot snapshot) =>
            from account in snapshot.Accounts
            from stream in account.Value.Streams.Keys.Append(string.Empty)
            select KeyValuePair.Create(StreamKey.Of(account.Key, account.Value.Number, stream), (account.Key, stream));
    }

    public (string Account, string Stream) Of(StreamKey key)
    {
        var (known, snapshot) = (Volatile.Read(ref _known), current.Value);
        if (!ReferenceEquals(known.Snapshot, snapshot))
        {
            known = new Known(snapshot);
            Volatile.Write(ref _known, known);
        }

        return known.Streams.TryGetValue(key, out var names) ? names
            : (known.Accounts.GetValueOrDefault(key.Account) ?? Number(key.Account), key.Stream == 0 ? string.Empty : Number(key.Stream));
    }

    private static string Number(uint number) => string.Create(CultureInfo.InvariantCulture, $"#{number}");
}
