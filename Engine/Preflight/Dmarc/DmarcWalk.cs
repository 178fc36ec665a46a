namespace Engine.Preflight.Dmarc;

/// <summary>What the DNS tree walk from a domain brought.</summary>
/// <param name="Start">Where it began.</param>
/// <param name="Found">Records that count, the longest name first, without <c>_dmarc</c>.</param>
internal sealed record DmarcWalk(string Start, IReadOnlyList<(string Name, DmarcRecord Record)> Found)
{
    /// <summary>A question got no answer: what was found may not be all.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Why a record at the start does not count; null where there is none, or one that does.</summary>
    public string? Fault { get; init; }

    /// <summary>
    /// The Organizational Domain (DMARCbis §4.10.2): where psd=n stands; else one label below a psd=y that is not the start; else the shortest name with a record; without any,
    /// the start.
    /// </summary>
    public string Organization
    {
        get
        {
            foreach (var (name, record) in Found)
            {
                if (record.IsPublicSuffix is false)
                {
                    return name;
                }

                if (record.IsPublicSuffix is true && name != Start)
                {
                    return Below(name);
                }
            }

            return Found.Count > 0 ? Found[^1].Name : Start;
        }
    }

    /// <summary>The record that holds for mail From the start, and where it stands: its own, else that of its organisation, else of the suffix above. Null for none.</summary>
    public (string Name, DmarcRecord Record)? Policy
    {
        get
        {
            foreach (var name in (string[])[Start, Organization])
            {
                if (Found.FirstOrDefault(one => one.Name == name) is { Record: not null } found)
                {
                    return found;
                }
            }

            return Found.FirstOrDefault(one => one.Record.IsPublicSuffix is true) is { Record: not null } suffix ? suffix : null;
        }
    }

    private string Below(string suffix)
    {
        var head = Start[..^(suffix.Length + 1)];
        return $"{head[(head.LastIndexOf('.') + 1)..]}.{suffix}";
    }
}
