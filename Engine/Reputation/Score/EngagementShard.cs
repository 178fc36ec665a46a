using System.Numerics;
using Engine.Mail;

namespace Engine.Reputation.Score;

/// <summary>Digests with the day they were last engaged: open addressing, 16 octets a place, at most three quarters full. Not thread-safe.</summary>
internal sealed class EngagementShard
{
    private const int Smallest = 64;

    private Place[] _places = [];
    private int _count;

    // Sixteen octets; day 0 is an empty place.
    private struct Place
    {
        public ulong High;
        public uint Low;
        public ushort Day;
    }

    public int Count => _count;

    /// <summary>Octets held.</summary>
    public long Octets => 16L * _places.Length;

    /// <summary>The day; 0 when it is not known.</summary>
    public ushort DayOf(AddressDigest digest) => _places.Length == 0 ? (ushort)0 : _places[IndexOf(digest)].Day;

    /// <summary>Sets the day where it is later.</summary>
    /// <param name="digest">The address.</param>
    /// <param name="day">Above 0.</param>
    /// <param name="bound">Places taken at most; beyond it the oldest day goes.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Mark(AddressDigest digest, ushort day, int bound)
    {
        if (_places.Length == 0)
        {
            _places = new Place[Smallest];
        }

        var index = IndexOf(digest);
        if (_places[index].Day > 0)
        {
            var isLater = day > _places[index].Day;
            _places[index].Day = isLater ? day : _places[index].Day;
            return isLater;
        }

        if (_count >= bound)
        {
            var oldest = Oldest();
            if (day < oldest)
            {
                return false;
            }

            Rebuild(_places.Length, (ushort)(oldest + 1));
            index = IndexOf(digest);
        }
        else if (_count + 1 > _places.Length / 4 * 3)
        {
            Rebuild(_places.Length * 2, 1);
            index = IndexOf(digest);
        }

        _places[index] = new Place { High = digest.High, Low = digest.Low, Day = day };
        _count++;
        return true;
    }

    /// <summary>Forgets what was engaged before a day.</summary>
    public void Forget(ushort first)
    {
        var left = 0;
        foreach (ref readonly var place in _places.AsSpan())
        {
            left += place.Day >= first ? 1 : 0;
        }

        if (left < _count)
        {
            Rebuild(left == 0 ? 0 : Math.Max(Smallest, (int)BitOperations.RoundUpToPowerOf2((uint)(left + (left / 2)))), first);
        }
    }

    public void Each(Action<AddressDigest, ushort> take)
    {
        foreach (ref readonly var place in _places.AsSpan())
        {
            if (place.Day > 0)
            {
                take(new AddressDigest(place.High, place.Low), place.Day);
            }
        }
    }

    // Where it is, or the empty place where it belongs. The high bits chose the shard.
    private int IndexOf(AddressDigest digest)
    {
        var mask = _places.Length - 1;
        for (var index = (int)digest.High & mask; ; index = (index + 1) & mask)
        {
            ref readonly var place = ref _places[index];
            if (place.Day == 0 || (place.High == digest.High && place.Low == digest.Low))
            {
                return index;
            }
        }
    }

    private ushort Oldest()
    {
        var oldest = ushort.MaxValue;
        foreach (ref readonly var place in _places.AsSpan())
        {
            oldest = place.Day > 0 && place.Day < oldest ? place.Day : oldest;
        }

        return oldest;
    }

    private void Rebuild(int length, ushort first)
    {
        var old = _places;
        (_places, _count) = (length == 0 ? [] : new Place[length], 0);
        foreach (ref readonly var place in old.AsSpan())
        {
            if (place.Day >= first)
            {
                _places[IndexOf(new AddressDigest(place.High, place.Low))] = place;
                _count++;
            }
        }
    }
}
