using System.Globalization;

namespace Engine.Demo;

/// <summary>One event of a ledger; on file a line: letter, number, ticks (UTC, 100 ns), recipient or <c>-</c>, detail or <c>-</c>.</summary>
internal readonly record struct LedgerEntry(LedgerEntryKind Kind, long Number, DateTimeOffset Time, string Recipient = "", string Detail = "")
{
    private const string Kinds = "NARUDBTCPF";

    public string ToLine() =>
        string.Create(CultureInfo.InvariantCulture, $"{(char)Kind} {Number} {Time.UtcTicks} {OrDash(Recipient)} {OrDash(Detail)}\n");

    /// <returns>False for a line that was cut off by a crash, or is no such line.</returns>
    public static bool TryParse(string line, out LedgerEntry entry)
    {
        entry = default;
        if (line.Split(' ') is not [[var letter], var number, var ticks, var recipient, var detail]
            || !Kinds.Contains(letter, StringComparison.Ordinal)
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            || time > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        entry = new LedgerEntry((LedgerEntryKind)letter, parsed, new DateTimeOffset(time, TimeSpan.Zero), OrEmpty(recipient), OrEmpty(detail));
        return true;
    }

    private static string OrDash(string text) => text.Length > 0 ? text : "-";

    private static string OrEmpty(string text) => text is "-" ? string.Empty : text;
}
