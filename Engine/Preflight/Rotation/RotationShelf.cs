using Engine.Dkim.Rotation;
using Engine.Mail;

namespace Engine.Preflight.Rotation;

/// <summary>The book in force: every change is on stable storage before anybody sees it. Thread-safe.</summary>
/// <param name="file">Keeps it.</param>
/// <param name="first">What the file held at the start.</param>
internal sealed class RotationShelf(RotationFile file, RotationBook first)
{
    private readonly Lock _gate = new();
    private RotationBook _book = first;

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
            var before = _book.Of(domain);
            var after = change(before);
            var next = _book.With(after);
            if (!ReferenceEquals(next, _book))
            {
                file.Save(next);
                Volatile.Write(ref _book, next);
                Changed?.Invoke(before, after);
            }

            return (before, after);
        }
    }
}
