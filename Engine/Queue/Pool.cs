namespace Engine.Queue;

/// <summary>A bounded stack of things to use again. Thread-safe.</summary>
/// <param name="bound">What comes back beyond is left to the collector.</param>
internal sealed class Pool<T>(int bound)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Stack<T> _free = new();

    public T? Take()
    {
        lock (_gate)
        {
            return _free.TryPop(out var item) ? item : null;
        }
    }

    /// <summary>False when the pool is full.</summary>
    public bool Give(T item)
    {
        lock (_gate)
        {
            if (_free.Count >= bound)
            {
                return false;
            }

            _free.Push(item);
            return true;
        }
    }
}
