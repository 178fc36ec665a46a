namespace Engine.Demo;

/// <summary>A ledger's figures while it runs.</summary>
/// <param name="Acknowledged">Messages answered 250 at submission.</param>
/// <param name="Settled">Of these, the messages all of whose recipients were delivered or refused.</param>
/// <param name="Delivered">Deliveries, one for each recipient and time.</param>
/// <param name="Deferred">Recipients put off at least once.</param>
/// <param name="Refused">Recipients refused for good.</param>
/// <param name="Verified">Messages whose signatures were checked.</param>
internal readonly record struct LedgerCounts(long Acknowledged, long Settled, long Delivered, long Deferred, long Refused, long Verified);
