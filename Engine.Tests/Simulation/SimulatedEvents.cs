using Engine.Mail;

namespace Engine.Tests.Simulation;

/// <summary>Keeps what was told.</summary>
internal sealed class SimulatedEvents : IEvents
{
    public List<Event> All { get; } = [];

    public void Write(in Event line) => All.Add(line);

    public IEnumerable<Event> Of(EventKind kind) => All.Where(line => line.Kind == kind);
}
