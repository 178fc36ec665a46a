using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Engine.Reputation.Blocklists;

/// <summary>One line of a table of zones (<c>blocklists.tsv</c>, or the operator's <c>blocklists.file</c>): tab-separated, the columns as in the head.</summary>
/// <remarks>
/// <code>
/// zone        its name; {key} stands for the operator's key
/// kinds       ip4, ip6, domain
/// weight      major, minor, info, white
/// default     yes, no, if_key
/// key         name of the key in blocklists.keys; only with {key}
/// affects     * or provider ids whose mail a listing moves away; empty: a listing alerts
/// listed      codes that are a listing: 127.0.0.4-7=meaning;bit 8=meaning
/// refused     codes that say we are not answered (127.255.255.0/24 always does)
/// other       codes that are neither
/// test        what must and what must not be listed; "- X" has no entry to test; empty: as RFC 5782 §5
/// duplicates  zones this one is part of or stands for
/// named       words by which replies name it
/// access operator delisting source note: for people
/// </code>
/// </remarks>
internal sealed record BlocklistRow
{
    public const string Placeholder = "{key}.";

    private const int Columns = 17;

    public required string Zone { get; init; }

    public required IReadOnlyList<ListKind> Kinds { get; init; }

    public required ListWeight Weight { get; init; }

    public required ZoneDefault Default { get; init; }

    public required string Key { get; init; }

    public required IReadOnlyList<string> Affects { get; init; }

    public required AnswerRules Rules { get; init; }

    public required IReadOnlyList<string> Test { get; init; }

    public required IReadOnlyList<string> Duplicates { get; init; }

    public required IReadOnlyList<string> Named { get; init; }

    public required string Access { get; init; }

    public required string Operator { get; init; }

    public required string Delisting { get; init; }

    public required string Source { get; init; }

    public required string Note { get; init; }

    /// <summary>The zone without its key.</summary>
    public string Shown => Zone.StartsWith(Placeholder, StringComparison.Ordinal) ? Zone[Placeholder.Length..] : Zone;

    public bool NeedsKey => Shown.Length != Zone.Length;

    /// <param name="line">Without its end.</param>
    /// <param name="row">What it says.</param>
    /// <param name="fault">Why it cannot be read.</param>
    public static bool TryParse(string line, [NotNullWhen(true)] out BlocklistRow? row, out string fault)
    {
        row = null;
        var cells = line.Split('\t');
        if (cells.Length != Columns)
        {
            fault = $"expected {Columns} columns, found {cells.Length}";
            return false;
        }

        var kinds = Words(cells[1]);
        if (!kinds.All(kind => Enum.TryParse<ListKind>(kind, ignoreCase: true, out _)) || kinds.Length == 0)
        {
            fault = $"expected kinds ip4, ip6, domain, found '{cells[1]}'";
        }
        else if (!Enum.TryParse<ListWeight>(cells[2], ignoreCase: true, out var weight))
        {
            fault = $"expected a weight major, minor, info or white, found '{cells[2]}'";
        }
        else if (!Enum.TryParse<ZoneDefault>(cells[3].Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var chosen))
        {
            fault = $"expected a default yes, no or if_key, found '{cells[3]}'";
        }
        else if (TryCodes(cells[6], out var listed, out fault) && TryCodes(cells[7], out var refused, out fault) && TryCodes(cells[8], out var known, out fault))
        {
            row = Of(cells, weight, chosen, new AnswerRules(listed, refused, known));
            fault = Fault(row);
        }

        return row is not null && fault.Length == 0;
    }

    private static BlocklistRow Of(string[] cells, ListWeight weight, ZoneDefault chosen, AnswerRules rules) => new()
    {
        Zone = cells[0],
        Kinds = [.. Words(cells[1]).Select(kind => Enum.Parse<ListKind>(kind, ignoreCase: true))],
        Weight = weight,
        Default = chosen,
        Key = cells[4],
        Affects = Words(cells[5]),
        Rules = rules,
        Test = cells[9].Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Duplicates = Words(cells[10]),
        Named = Words(cells[11]),
        Access = cells[12],
        Operator = cells[13],
        Delisting = cells[14],
        Source = cells[15],
        Note = cells[16],
    };

    private static string Fault(BlocklistRow row) => row switch
    {
        { Rules.Listed.Count: 0 } => "no code is a listing",
        { NeedsKey: true, Key: "" } => "the zone needs a key and the column 'key' names none",
        { NeedsKey: false, Key: not "" } => "the zone has no {key}",
        _ when !Mail.DomainName.TryParse(row.Shown, out _) => $"'{row.Shown}' is not a domain name",
        { Test: not ([] or [_, _]) } => "expected a test of two words",
        { Test: [_, _], Kinds.Count: not 1 } => "a test of its own is for a zone of one kind",
        _ when row.Test is [var has, var lacks] && row.Kinds[0] is not ListKind.Domain && !(IsAddress(has) && IsAddress(lacks)) => "expected addresses in the column 'test'",
        _ => string.Empty,
    };

    private static bool IsAddress(string text) => text == "-" || IPAddress.TryParse(text, out _);

    private static string[] Words(string cell) => cell.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryCodes(string cell, out List<AnswerPattern> codes, out string fault)
    {
        codes = [];
        fault = string.Empty;
        foreach (var text in cell.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!AnswerPattern.TryParse(text, out var code))
            {
                fault = $"'{text}' is not a code";
                return false;
            }

            codes.Add(code);
        }

        return true;
    }
}
