namespace Engine.Tests.House;

/// <summary>A type or a member of one, as <see cref="MemberScan"/> found it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">The attribute lists before it, blanked literals and all.</param>
/// <param name="Head">From its modifiers up to its body or end.</param>
/// <param name="Code">The whole of it, attributes aside.</param>
/// <param name="FirstLine">Line of its first modifier, from 1.</param>
/// <param name="Lines">Lines it takes, attributes and comments before it aside.</param>
internal sealed record Member(MemberKind Kind, string Name, string Attributes, string Head, string Code, int FirstLine, int Lines)
{
    public bool Has(string modifier) => Head.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Contains(modifier);
}
