namespace Engine.Queue.Waiting;

/// <summary>Where a wheel keeps its links: in the items themselves.</summary>
internal interface IWheelItems
{
    /// <summary>When the item fires.</summary>
    uint DueOf(int item);

    ref int Next(int item);

    ref int Previous(int item);
}
