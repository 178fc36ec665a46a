using System.Globalization;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Suppression.Bulk;

/// <summary>Names of accounts and streams as numbers and back, by one snapshot. What has no name there is written <c>#</c> and its number. Immutable.</summary>
internal sealed class AccountNames
{
    private readonly Dictionary<string, (uint Number, Dictionary<string, ushort> Streams)> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, string> _accounts = [];
    private readonly Dictionary<StreamKey, string> _streams = [];

    public AccountNames(Snapshot snapshot)
    {
        foreach (var (name, account) in snapshot.Accounts)
        {
            var number = StreamKey.NumberOf(name, account.Number);
            _numbers[name] = (number, account.Streams.Keys.ToDictionary(stream => stream, StreamKey.NumberOf, StringComparer.Ordinal));
            _accounts[number] = name;
            foreach (var stream in account.Streams.Keys)
            {
                _streams[StreamKey.Of(name, account.Number, stream)] = stream;
            }
        }
    }

    /// <summary>The numbers of an account and a stream.</summary>
    /// <param name="account">A name or <c>#</c> and a number.</param>
    /// <param name="stream">The same; empty for the unnamed one, or for none.</param>
    /// <param name="key">The numbers.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Find(string account, string stream, out StreamKey key)
    {
        key = default;
        var known = _numbers.TryGetValue(account, out var found);
        if (!known && !TryNumber(account, uint.MaxValue, out found.Number))
        {
            return $"the account '{account}' does not exist";
        }

        ushort number = 0;
        if (stream.Length > 0 && !(found.Streams?.TryGetValue(stream, out number) ?? false))
        {
            if (!TryNumber(stream, ushort.MaxValue, out var given))
            {
                return $"the stream '{stream}' of account '{account}' does not exist";
            }

            number = (ushort)given;
        }

        key = new StreamKey(found.Number, number);
        return null;
    }

    public string AccountOf(StreamKey key) => _accounts.TryGetValue(key.Account, out var name) ? name : Numbered(key.Account);

    /// <summary>Empty for the unnamed stream.</summary>
    public string StreamOf(StreamKey key) => key.Stream == 0 ? string.Empty : _streams.TryGetValue(key, out var name) ? name : Numbered(key.Stream);

    private static string Numbered(uint number) => string.Create(CultureInfo.InvariantCulture, $"#{number}");

    private static bool TryNumber(string text, uint most, out uint number)
    {
        number = 0;
        return text.StartsWith('#') && uint.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
    }
}
