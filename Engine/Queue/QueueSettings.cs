using Engine.Configuration;

namespace Engine.Queue;

/// <summary>What the queue needs to open.</summary>
/// <param name="Directory">Its own directory, <c>state/queue</c>; made when absent.</param>
/// <param name="Node">Key <c>node</c>.</param>
/// <param name="Durability">Key <c>queue.durability</c>.</param>
/// <param name="Memory">Key <c>queue.memory</c>: pages of the log kept in memory.</param>
/// <param name="MinFreeDisk">Key <c>queue.minFreeDisk</c>.</param>
internal sealed record QueueSettings(string Directory, int Node, Durability Durability, ByteSize Memory, ByteSize MinFreeDisk);
