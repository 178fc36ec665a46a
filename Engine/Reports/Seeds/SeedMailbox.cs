using System.Globalization;
using System.Text;
using Engine.Reports.Imap;

namespace Engine.Reports.Seeds;

/// <summary>What is done in a seed's mailbox: folders found, probes looked for, old ones removed. A trouble is a few words; empty for none.</summary>
/// <param name="session">Logged in.</param>
/// <param name="server">What it can do.</param>
internal sealed class SeedMailbox(ImapSession session, ImapOpening server)
{
    private const int MaxFolderName = 500;
    private const int MaxFound = 1_000;

    private static readonly HashSet<string> UsualNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "Junk", "Spam", "Bulk", "Bulk Mail", "Junk E-mail", "Junk Email", "INBOX.Junk", "INBOX.Spam", "INBOX/Junk", "INBOX/Spam", "[Gmail]/Spam", "[Google Mail]/Spam", "Spamverdacht", "Unbekannt",
    };

    /// <summary>Folders that hold spam: those the server marks <c>\Junk</c> (RFC 6154), else those of a usual name; at most four.</summary>
    public async ValueTask<(string Trouble, IReadOnlyList<string> Folders)> FindSpamAsync(CancellationToken stop)
    {
        var marks = server.Has("SPECIAL-USE") && server.Has("LIST-EXTENDED") ? " RETURN (SPECIAL-USE)" : string.Empty;
        var answer = await session.AskAsync(stop, new ImapWord($"LIST \"\" \"*\"{marks}")).ConfigureAwait(false);
        var all = answer.Lines.Select(FolderIn).Where(folder => folder.Name.Length is > 0 and <= MaxFolderName).ToArray();
        var marked = all.Where(folder => folder.IsJunk).Select(folder => folder.Name).ToArray();
        return (answer.Trouble, [.. (marked.Length > 0 ? marked : all.Select(folder => folder.Name).Where(UsualNames.Contains)).Take(4)]);
    }

    /// <summary>Opens a folder.</summary>
    /// <param name="name">As the server names it.</param>
    /// <param name="isToChange">Whether messages are to be removed there.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public async ValueTask<string> SelectAsync(string name, bool isToChange, CancellationToken stop) =>
        (await session.AskAsync(stop, new ImapWord(isToChange ? "SELECT " : "EXAMINE "), new ImapWord(name, IsString: true)).ConfigureAwait(false)).Trouble;

    /// <summary>Looks for a probe in the open folder.</summary>
    /// <param name="value">Of its header field.</param>
    /// <param name="place">What the open folder is.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public async ValueTask<(string Trouble, SeedSighting? Found)> FindAsync(string value, SeedPlace place, CancellationToken stop)
    {
        var (trouble, uids) = await SearchAsync(stop, new ImapWord($"HEADER {SeedMail.Field} "), new ImapWord(value, IsString: true)).ConfigureAwait(false);
        if (trouble.Length > 0 || uids.Count == 0)
        {
            return (trouble, null);
        }

        var answer = await session.AskAsync(stop, new ImapWord(string.Create(CultureInfo.InvariantCulture, $"UID FETCH {uids[0]} (INTERNALDATE BODY.PEEK[HEADER])"))).ConfigureAwait(false);
        if (!answer.IsGood)
        {
            return (answer.Trouble, null);
        }

        // A search may overlook what stands in the field; the header itself does not lie.
        var seen = answer.Lines.Select(line => SightingIn(line, place)).OfType<SeedSighting>().FirstOrDefault(sighting => Encoding.Latin1.GetString(sighting.Header).Contains(value, StringComparison.Ordinal));
        return (string.Empty, seen);
    }

    /// <summary>Removes probes of ours from the open folder, and nothing else.</summary>
    /// <param name="mark">What is in the field of all our probes.</param>
    /// <param name="before">Only those that arrived on days before this one.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public async ValueTask<string> CleanAsync(string mark, DateTimeOffset before, CancellationToken stop)
    {
        var (trouble, uids) = await SearchAsync(stop, new ImapWord($"BEFORE {ImapText.DateOf(before)} HEADER {SeedMail.Field} "), new ImapWord(mark, IsString: true)).ConfigureAwait(false);
        if (trouble.Length > 0 || uids.Count == 0)
        {
            return trouble;
        }

        var chosen = string.Join(',', uids);
        var stored = await session.AskAsync(stop, new ImapWord($@"UID STORE {chosen} +FLAGS.SILENT (\Deleted)")).ConfigureAwait(false);
        if (!stored.IsGood)
        {
            return stored.Trouble;
        }

        // Without UIDPLUS everything that is marked goes: then only when nothing else is marked.
        if (server.Has("UIDPLUS") || server.Has("IMAP4rev2"))
        {
            return (await session.AskAsync(stop, new ImapWord($"UID EXPUNGE {chosen}")).ConfigureAwait(false)).Trouble;
        }

        var (unsure, marked) = await SearchAsync(stop, new ImapWord("DELETED")).ConfigureAwait(false);
        return unsure.Length > 0 || marked.Except(uids).Any() ? unsure : (await session.AskAsync(stop, new ImapWord("EXPUNGE")).ConfigureAwait(false)).Trouble;
    }

    public async ValueTask LeaveAsync(CancellationToken stop) => await session.AskAsync(stop, new ImapWord("LOGOUT")).ConfigureAwait(false);

    /// <summary>UIDs in an answer to UID SEARCH: <c>SEARCH 1 2</c>, or <c>ESEARCH … ALL 1:3,7</c> (RFC 9051 §7.3.4); at most 1 000.</summary>
    internal static IReadOnlyList<uint> UidsIn(IEnumerable<byte[]> lines)
    {
        var uids = new List<uint>();
        foreach (var line in lines)
        {
            var text = Encoding.ASCII.GetString(line).Trim();
            if (text.StartsWith("SEARCH", StringComparison.OrdinalIgnoreCase))
            {
                Take(uids, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1));
            }
            else if (text.StartsWith("ESEARCH", StringComparison.OrdinalIgnoreCase) && text.IndexOf(" ALL ", StringComparison.OrdinalIgnoreCase) is > 0 and var all)
            {
                Take(uids, text[(all + 5)..].Split(' ')[0].Split(','));
            }
        }

        return uids;
    }

    private static void Take(List<uint> uids, IEnumerable<string> parts)
    {
        foreach (var part in parts)
        {
            var ends = part.Split(':');
            if (uint.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && uint.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            {
                for (ulong uid = Math.Min(first, last); uid <= Math.Max(first, last) && uids.Count < MaxFound; uid++)
                {
                    uids.Add((uint)uid);
                }
            }
        }
    }

    // LIST (\HasNoChildren \Junk) "/" "Junk"
    private static (string Name, bool IsJunk) FolderIn(byte[] line)
    {
        var scanner = new ImapScanner(line);
        if (!Ascii.EqualsIgnoreCase(scanner.Word(), "LIST"u8) || !scanner.Take((byte)'('))
        {
            return (string.Empty, false);
        }

        var isJunk = false;
        while (scanner.Word() is { Length: > 0 } flag)
        {
            isJunk |= Ascii.EqualsIgnoreCase(flag, @"\Junk"u8);
        }

        scanner.Take((byte)')');
        _ = scanner.String();
        return (Encoding.UTF8.GetString(scanner.String()), isJunk);
    }

    // 7 FETCH (UID 12 INTERNALDATE "22-Nov-2026 12:00:00 +0000" BODY[HEADER] {42}…)
    private static SeedSighting? SightingIn(byte[] line, SeedPlace place)
    {
        var scanner = new ImapScanner(line);
        _ = scanner.Word();
        if (!Ascii.EqualsIgnoreCase(scanner.Word(), "FETCH"u8) || !scanner.Take((byte)'('))
        {
            return null;
        }

        DateTimeOffset? arrived = null;
        byte[] header = [];
        while (scanner.Word() is { Length: > 0 } item)
        {
            var isDate = Ascii.EqualsIgnoreCase(item, "INTERNALDATE"u8);
            var isHeader = Ascii.EqualsIgnoreCase(item, "BODY[HEADER]"u8);
            var value = scanner.Take((byte)'(') ? Passed(ref scanner) : scanner.String();
            (arrived, header) = (isDate ? ImapText.TimeIn(value) : arrived, isHeader ? value : header);
        }

        return header.Length > 0 ? new SeedSighting(place, arrived, header) : null;
    }

    // A list of flags that nobody asked for.
    private static byte[] Passed(ref ImapScanner scanner)
    {
        while (scanner.Word().Length > 0)
        {
        }

        scanner.Take((byte)')');
        return [];
    }

    private async ValueTask<(string Trouble, IReadOnlyList<uint> Uids)> SearchAsync(CancellationToken stop, params IReadOnlyList<ImapWord> criteria)
    {
        var answer = await session.AskAsync(stop, [new ImapWord("UID SEARCH "), .. criteria]).ConfigureAwait(false);
        return (answer.Trouble, UidsIn(answer.Lines));
    }
}
