namespace Engine.Suppression.Storing;

/// <summary>The order of records in a run.</summary>
internal readonly struct ByKey : IComparer<StoredRecord>
{
    public int Compare(StoredRecord x, StoredRecord y) => x.High != y.High ? x.High.CompareTo(y.High) : x.Low.CompareTo(y.Low);
}
