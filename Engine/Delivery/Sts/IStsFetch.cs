using Engine.Mail;

namespace Engine.Delivery.Sts;

/// <summary>Fetches policies. Thread-safe; bounded in time and size; trouble is an answer, only cancelling throws.</summary>
internal interface IStsFetch
{
    ValueTask<StsFetched> FetchAsync(DomainName domain, CancellationToken stop);
}
