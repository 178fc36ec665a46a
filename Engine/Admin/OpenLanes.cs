using Engine.Mail;
using Engine.Scheduling;

namespace Engine.Admin;

/// <summary>Connections by source and operator, from one walk over the destinations: a copy.</summary>
internal sealed class OpenLanes
{
    private readonly Dictionary<(SourceId Source, string Operator), int> _open = [];
    private readonly Dictionary<SourceId, int> _ofSource = [];
    private readonly Dictionary<string, int> _ready = new(StringComparer.Ordinal);

    public OpenLanes(Scheduler scheduler)
    {
        foreach (var destination in scheduler.Destinations)
        {
            lock (destination.Gate)
            {
                _ready[destination.Operator] = _ready.GetValueOrDefault(destination.Operator) + destination.Count;
                foreach (var lane in destination.Lanes)
                {
                    _open[(lane.Source.Id, destination.Operator)] = At(lane.Source.Id, destination.Operator) + lane.Workers;
                    _ofSource[lane.Source.Id] = Of(lane.Source.Id) + lane.Workers;
                }
            }
        }
    }

    /// <summary>Operators with mail, connections, or a pause to remember.</summary>
    public IReadOnlyCollection<string> Operators => _ready.Keys;

    public int Of(SourceId source) => _ofSource.GetValueOrDefault(source);

    public int At(SourceId source, string operatorId) => _open.GetValueOrDefault((source, operatorId));

    /// <summary>Recipients that wait for an operator.</summary>
    public int Ready(string operatorId) => _ready.GetValueOrDefault(operatorId);
}
