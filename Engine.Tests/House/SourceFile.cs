namespace Engine.Tests.House;

/// <summary>One C# file of the repository.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        (Path, Text) = (path, text);
        Parsed = SourceText.Parse(text);
        Members = MemberScan.Of(Parsed.Code);
    }

    /// <summary>From the root of the repository, with slashes: <c>Engine/Mail/Event.cs</c>.</summary>
    public string Path { get; }

    public string Text { get; }

    public SourceText Parsed { get; }

    public IReadOnlyList<Member> Members { get; }

    public string Project => Path.Split('/')[0];

    /// <summary>The folder below the project, or empty for a file that stands in none.</summary>
    public string Room => Path.Split('/') is [_, var room, _, ..] ? room : string.Empty;

    public IEnumerable<Member> Types => Members.Where(member => member.Kind is MemberKind.Type);

    public string At(Member member) => $"{Path}:{member.FirstLine}";
}
