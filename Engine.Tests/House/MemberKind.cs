namespace Engine.Tests.House;

internal enum MemberKind
{
    Type,

    /// <summary>Method, constructor, property, operator: what has a body or could have one.</summary>
    Function,

    Field,
}
