namespace Engine.Mail;

/// <summary>Lets a method that is one table or one <c>switch</c> pass the limit of 60 lines. At most ten in the house.</summary>
/// <param name="reason">Why the table is not data, or not two tables.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Constructor)]
internal sealed class LongTableAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}
