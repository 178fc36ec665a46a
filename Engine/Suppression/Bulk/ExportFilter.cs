using Engine.Mail;

namespace Engine.Suppression.Bulk;

/// <summary>Which entries are written; null is any.</summary>
/// <param name="Kind">Of the scope.</param>
/// <param name="Account">The account's number; global entries are none's.</param>
/// <param name="Stream">The stream's number, beside the account's.</param>
/// <param name="Reason">Why; warnings are written only when asked for.</param>
/// <param name="Expired">Those that hold no more, too.</param>
internal sealed record ExportFilter(ScopeKind? Kind = null, uint? Account = null, ushort? Stream = null, SuppressionReason? Reason = null, bool Expired = false)
{
    public bool Takes(in SuppressionEntry entry, DateTimeOffset now) =>
        (Kind is null || entry.Scope.Kind == Kind)
        && (Account is null || (entry.Scope.Kind is not ScopeKind.Global && entry.Scope.Key.Account == Account))
        && (Stream is null || (entry.Scope.Kind is ScopeKind.Stream && entry.Scope.Key.Stream == Stream))
        && (Reason is null ? entry.Reason is not SuppressionReason.Warning : entry.Reason == Reason)
        && (Expired || entry.Expires is not { } end || end > now);
}
