using System.Collections.Immutable;
using Engine.Mail;

namespace Engine.Configuration.Reading;

/// <summary>A value of engine.json, and where it stands.</summary>
/// <param name="Kind">Its JSON kind.</param>
/// <param name="Path">Where in the document.</param>
/// <param name="File">In which file.</param>
/// <param name="Line">On which line it begins, from 1.</param>
internal sealed record Setting(SettingKind Kind, JsonPath Path, string File, int Line)
{
    private const int ShownLength = 60;

    // From this many members on, names are looked up by their hash: accounts come by the ten thousand.
    private const int IndexedLength = 16;

    private readonly Dictionary<string, SettingMember>? _byName;

    /// <summary>A text with the environment put in, or a number or truth value as written.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>
    /// The text as written, where the environment gave part of it; else null. Findings show this one, for what the environment holds may be a secret.
    /// </summary>
    public string? Written { get; init; }

    /// <summary>Whether the environment lacks part of the text. That has been reported, so nothing more is said about the value.</summary>
    public bool Unset { get; init; }

    /// <summary>Items of a list.</summary>
    public ImmutableArray<Setting> Items { get; init; } = [];

    /// <summary>Members of an object, in order.</summary>
    public ImmutableArray<SettingMember> Members
    {
        get;
        init
        {
            field = value;
            _byName = value.Length < IndexedLength ? null : value.ToDictionary(member => member.Name, StringComparer.Ordinal);
        }
    } = [];

    /// <summary>For a finding: what was found.</summary>
    public string Shown => Kind switch
    {
        SettingKind.Object => "an object",
        SettingKind.List => "a list",
        SettingKind.Text when Written is not null => $"what the environment gives for \"{Written}\"",
        SettingKind.Text => $"\"{(Text.Length > ShownLength ? Text[..ShownLength] + "…" : Text)}\"",
        SettingKind.Null => "null",
        _ => Text,
    };

    /// <summary>The member so named; null when there is none or this is no object.</summary>
    public SettingMember? Find(string name) =>
        _byName is null ? Members.FirstOrDefault(member => member.Name == name) : _byName.GetValueOrDefault(name);

    /// <summary>
    /// The value at a path, and the line of its key; where nothing is written, the innermost object or list that would hold it.
    /// <c>Written</c> says which. A domain is also found by its one form (<see cref="DomainName"/>).
    /// </summary>
    public (Setting Value, int Line, bool Written) Nearest(JsonPath path)
    {
        var (at, line, written) = (this, Line, true);
        foreach (var step in path.Steps)
        {
            if (step.Name is { } name)
            {
                var member = at.Find(name) ?? at.Members.FirstOrDefault(member => IsDomain(member.Name, name));
                (at, line, written) = member is null ? (at, line, false) : (member.Value, member.Line, true);
            }
            else if (step.Index < at.Items.Length)
            {
                at = at.Items[step.Index];
                line = at.Line;
            }
            else
            {
                written = false;
            }

            if (!written)
            {
                break;
            }
        }

        return (at, line, written);
    }

    private static bool IsDomain(string written, string name) => DomainName.TryParse(written, out var domain) && domain.Name == name;
}
