using Engine.Delivery;
using Engine.Queue;

namespace Engine.Tests.Delivery.Workers;

/// <summary>A renewal of heads that does as the test says, by the number of the call.</summary>
internal sealed class ScriptedRenewal(Func<int, Task<bool>> script) : IHeadRenewal
{
    private int _calls;

    public bool IsActive => true;

    public ValueTask<bool> TryRenewAsync(StoredMessage message, int head, CancellationToken stop) => new(script(++_calls));
}
