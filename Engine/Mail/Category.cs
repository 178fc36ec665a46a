namespace Engine.Mail;

/// <summary>Why a delivery attempt ended as it did. The ids are those of the provider data, underscores and all.</summary>
/// <param name="Id">For example <c>bad_recipient</c>.</param>
internal readonly record struct Category(string Id)
{
    public static readonly Category Unknown = new("unknown");

    public override string ToString() => Id ?? "unknown";
}
