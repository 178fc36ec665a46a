using System.Net;
using Engine.Queue;

namespace Engine.Demo;

/// <summary>The engine as a demo or journey needs it. Disposing it shuts it down in order.</summary>
internal interface IDemoEngine : IAsyncDisposable
{
    IReadOnlyList<IPEndPoint> SubmissionEndPoints { get; }

    QueueCounts Counts { get; }
}
