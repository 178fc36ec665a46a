namespace Engine.Queue;

/// <summary>What queued recipients can be counted by.</summary>
internal enum QueueDimension
{
    Domain,
    Account,
    Stream,
    Class,
    Campaign,
    Pool,
    Category,
    State,
}
