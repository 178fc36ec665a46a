using Engine.Mail;

namespace Engine.Suppression;

/// <summary>Whose mail is kept from an address. Part of the stored digest: the same address in two scopes is two entries.</summary>
/// <param name="Kind">Global, an account, or a stream of one.</param>
/// <param name="Key">The account and stream; what the kind does not name is 0.</param>
/// <param name="Class">Only mail of this class; null for any.</param>
internal readonly record struct SuppressionScope(ScopeKind Kind, StreamKey Key, StreamClass? Class = null)
{
    public static SuppressionScope Global => new(ScopeKind.Global, default);

    public static SuppressionScope OfAccount(StreamKey key, StreamClass? mailClass = null) => new(ScopeKind.Account, key with { Stream = 0 }, mailClass);

    public static SuppressionScope OfStream(StreamKey key) => new(ScopeKind.Stream, key);
}
