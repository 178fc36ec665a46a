using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Suppression.Bulk;

/// <summary>Makes an addition of one record of a file. For one thread.</summary>
/// <param name="key">Digests addresses.</param>
/// <param name="names">Of accounts and streams.</param>
/// <param name="preset">What records do not say.</param>
/// <param name="now">When they were added, unless they say.</param>
internal sealed class ImportRow(SuppressionKey key, AccountNames names, ImportPreset preset, DateTimeOffset now)
{
    /// <summary>Before the 24 hexadecimal digits of an entry whose address is not known.</summary>
    public const string DigestPrefix = "digest:";

    private readonly int[] _columns = [.. Enumerable.Range(0, Enum.GetValues<ImportColumn>().Length)];
    private IReadOnlyList<string> _fields = [];

    /// <summary>Whether the first record is a heading; then it says where columns stand. Columns of other names are passed over.</summary>
    public bool TryHeading(IReadOnlyList<string> fields)
    {
        var titles = fields.Select(field => field.Trim().ToLowerInvariant()).Select(title => title is "email" ? "address" : title).ToList();
        if (!titles.Contains("address"))
        {
            return false;
        }

        foreach (var column in Enum.GetValues<ImportColumn>())
        {
            _columns[(int)column] = titles.IndexOf(Spelling.Of(column));
        }

        return true;
    }

    /// <summary>Reads a record.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Read(IReadOnlyList<string> fields, out SuppressionAddition addition)
    {
        addition = default;
        _fields = fields;
        var (reason, mailbox) = (preset.Reason, default(Mailbox));
        if (Address(Text(ImportColumn.Address), out var digest, ref mailbox) is { } address)
        {
            return address;
        }

        if (Scope(out var scope) is { } fault)
        {
            return fault;
        }

        if (Text(ImportColumn.Reason) is { Length: > 0 } word
            && (!Spelling.TryParse(word.ToLowerInvariant(), out reason) || reason is SuppressionReason.None or SuppressionReason.Warning))
        {
            return $"the reason '{word}' is none of hard, complaint, unsubscribe, strike, manual";
        }

        if (!TryTime(Text(ImportColumn.Added), now, out var added) || added > now.AddDays(1))
        {
            return $"the time '{Text(ImportColumn.Added)}' is none, or lies ahead";
        }

        if (!TryEnd(Text(ImportColumn.Expires), added, out var expires))
        {
            return $"the end '{Text(ImportColumn.Expires)}' is neither a time nor a duration such as 365d";
        }

        addition = new SuppressionAddition(new SuppressionEntry(digest, scope, reason, SuppressionOrigin.Import, added, expires), mailbox);
        return null;
    }

    private static bool TryTime(string text, DateTimeOffset preset, out DateTimeOffset time)
    {
        time = preset;
        return text.Length == 0 || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out time);
    }

    private string Text(ImportColumn column) => _columns[(int)column] is >= 0 and var at && at < _fields.Count ? _fields[at].Trim() : string.Empty;

    private string? Address(string text, out AddressDigest digest, ref Mailbox mailbox)
    {
        digest = default;
        if (text.StartsWith(DigestPrefix, StringComparison.Ordinal))
        {
            Span<byte> octets = stackalloc byte[AddressDigest.Length];
            if (text.Length != DigestPrefix.Length + (2 * AddressDigest.Length) || Convert.FromHexString(text.AsSpan(DigestPrefix.Length), octets, out _, out _) is not OperationStatus.Done)
            {
                return $"'{text}' is no digest of {2 * AddressDigest.Length} hexadecimal digits";
            }

            digest = AddressDigest.Read(octets);
            return null;
        }

        if (!Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out mailbox))
        {
            return $"'{text}' is no address";
        }

        digest = key.DigestOf(mailbox);
        return null;
    }

    private string? Scope(out SuppressionScope scope)
    {
        scope = preset.Scope;
        var (account, stream, word) = (Text(ImportColumn.Account), Text(ImportColumn.Stream), Text(ImportColumn.Class));
        var only = preset.Scope.Class;
        if (word.Length > 0)
        {
            if (!Spelling.TryParse<StreamClass>(word.ToLowerInvariant(), out var named))
            {
                return $"the class '{word}' is neither transactional nor marketing";
            }

            only = named;
        }

        var key = preset.Scope.Key;
        if (account.Length > 0 && names.Find(account, stream, out key) is { } fault)
        {
            return fault;
        }

        var odd = Kind(account, stream, ref scope, key);
        scope = scope with { Class = only };
        return odd;
    }

    private string? Kind(string account, string stream, ref SuppressionScope scope, StreamKey key)
    {
        var word = Text(ImportColumn.Scope).ToLowerInvariant();
        var kind = (word, account, stream) switch
        {
            ("", "", "") => preset.Scope.Kind,
            ("", _, "") => ScopeKind.Account,
            ("", _, _) => ScopeKind.Stream,
            _ => Spelling.TryParse<ScopeKind>(word, out var named) ? named : default,
        };
        if (kind == default)
        {
            return $"the scope '{word}' is none of global, account, stream";
        }

        if (kind is not ScopeKind.Global && account.Length == 0 && preset.Scope.Kind is ScopeKind.Global)
        {
            return $"the scope {Spelling.Of(kind)} needs an account";
        }

        if (stream.Length > 0 && account.Length == 0)
        {
            return "a stream needs its account";
        }

        scope = kind switch
        {
            ScopeKind.Global => SuppressionScope.Global,
            ScopeKind.Account => SuppressionScope.OfAccount(key),
            _ => SuppressionScope.OfStream(key),
        };
        return null;
    }

    private bool TryEnd(string text, DateTimeOffset added, out DateTimeOffset? expires)
    {
        expires = added + preset.Expires;
        if (text.Length == 0)
        {
            return true;
        }

        if (Units.TryParseDuration(text, out var duration))
        {
            expires = added + duration;
            return true;
        }

        var good = TryTime(text, default, out var end);
        expires = end;
        return good;
    }
}
