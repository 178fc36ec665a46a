using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>The book in force: every change of what may sign is on stable storage before anybody sees it. Thread-safe.</summary>
/// <param name="file">Keeps it.</param>
/// <param name="first">What the file held at the start.</param>
internal sealed class RotationShelf(RotationFile file, RotationBook first)
{
    private readonly Lock _gate = new();
    private RotationBook _book = first;
    private RotationBook _kept = first;

    /// <summary>Raised after a change, with the domain's state before and after, under the lock: changes come in order.</summary>
    public event Action<DomainRotation, DomainRotation>? Changed;

    public RotationBook Book => Volatile.Read(ref _book);

    /// <summary>Changes one domain.</summary>
    /// <returns>Its state before and after.</returns>
    /// <exception cref="IOException">It could not be kept: nothing has changed.</exception>
    public (DomainRotation Before, DomainRotation After) Change(DomainName domain, Func<DomainRotation, DomainRotation> change)
    {
        lock (_gate)
        {
            return Apply(domain, change, isLasting: true);
        }
    }

    /// <summary>Changes one domain by what was seen of it. Kept at once when other keys may sign for it, else by the next change or <see cref="Flush"/>: what is lost is looked up again.</summary>
    /// <returns>Its state before and after.</returns>
    /// <exception cref="IOException">It could not be kept: nothing has changed.</exception>
    public (DomainRotation Before, DomainRotation After) Note(DomainName domain, Func<DomainRotation, DomainRotation> change)
    {
        lock (_gate)
        {
            return Apply(domain, change, isLasting: false);
        }
    }

    /// <summary>Keeps what was noted since.</summary>
    /// <exception cref="IOException">It could not be kept: tried again with the next change.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_kept, _book))
            {
                file.Save(_book);
                _kept = _book;
            }
        }
    }

    private (DomainRotation Before, DomainRotation After) Apply(DomainName domain, Func<DomainRotation, DomainRotation> change, bool isLasting)
    {
        var before = _book.Of(domain);
        var after = change(before);
        var next = _book.With(after);
        if (ReferenceEquals(next, _book))
        {
            return (before, after);
        }

        if (isLasting || !after.SignsAs(before))
        {
            file.Save(next);
            _kept = next;
        }

        Volatile.Write(ref _book, next);
        Changed?.Invoke(before, after);
        return (before, after);
    }
}
