namespace Engine.Reputation.Blocklists;

/// <summary>Finds the list that a reply names, such as <c>550 5.7.1 blocked using zen.spamhaus.org</c>. Pure; thread-safe.</summary>
internal static class ListMention
{
    /// <summary>
    /// The lists that the text names: by their whole zone if any does, else by a word such as <c>spamhaus</c>. A name
    /// stands alone, so that <c>notspamhaus</c> and <c>xzen.spamhaus.org</c> are none.
    /// </summary>
    /// <param name="reply">Text of a reply.</param>
    /// <param name="lists">Those asked.</param>
    public static IReadOnlyList<Blocklist> Find(string reply, IReadOnlyList<Blocklist> lists)
    {
        var zones = lists.Where(list => Stands(reply, list.Zone, '.')).ToList();
        if (zones.Count > 0)
        {
            return zones;
        }

        return [.. lists.Where(list => list.Named.Any(name => Stands(reply, name, '\0')))];
    }

    // What stands before a dot is the address that was looked up, or a key; what follows one makes it another zone.
    private static bool Stands(string reply, string name, char glue)
    {
        for (var at = reply.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = reply.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + name.Length;
            var before = at == 0 ? ' ' : reply[at - 1];
            var after = end == reply.Length ? ' ' : reply[end];
            var endsThere = !IsOfName(after) && !(glue == '.' && after == '.' && end + 1 < reply.Length && IsOfName(reply[end + 1]));
            if (!IsOfName(before) && endsThere)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
