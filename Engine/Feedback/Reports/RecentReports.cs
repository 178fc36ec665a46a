using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>What was heard lately, so that the same report twice is one: senders try again when an answer is lost, and anybody can repeat his own. Thread-safe.</summary>
/// <remarks>Two generations of <c>capacity</c>: at least so many of the last are remembered, at most twice as many. A restart forgets them.</remarks>
/// <param name="capacity">Reports in a generation; each costs about 60 octets.</param>
internal sealed class RecentReports(int capacity = 1 << 16)
{
    private readonly Lock _gate = new();
    private HashSet<Key> _young = [];
    private HashSet<Key> _old = [];

    /// <param name="News">What kind of news; each is heard once.</param>
    /// <param name="Id">The message.</param>
    /// <param name="Recipient">Whom it is about; default for the message as a whole.</param>
    internal readonly record struct Key(byte News, MessageId Id, AddressDigest Recipient);

    /// <summary>True when it was not heard before.</summary>
    public bool Add(Key report)
    {
        lock (_gate)
        {
            if (_old.Contains(report) || !_young.Add(report))
            {
                return false;
            }

            if (_young.Count >= capacity)
            {
                (_old, _young) = (_young, []);
            }

            return true;
        }
    }
}
