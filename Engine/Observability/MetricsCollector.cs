using System.Diagnostics.Metrics;

namespace Engine.Observability;

/// <summary>Listens to the instruments of every room and keeps their numbers until somebody asks. Thread-safe.</summary>
internal sealed partial class MetricsCollector : IDisposable
{
    /// <summary>Label sets of one instrument; more are counted together as <c>other</c>.</summary>
    public const int MaxSeries = 10_000;

    private readonly string _prefix;
    private readonly int _maxSeries;
    private readonly ILogger<MetricsCollector> _logger;
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private long _scrape;

    /// <param name="logger">Gets instruments that fail.</param>
    /// <param name="prefix">Meters whose names begin with it are listened to.</param>
    /// <param name="maxSeries">Label sets of one instrument.</param>
    public MetricsCollector(ILogger<MetricsCollector> logger, string prefix = "Engine.", int maxSeries = MaxSeries)
    {
        (_logger, _prefix, _maxSeries) = (logger, prefix, maxSeries);
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<long>((_, value, labels, family) => Take((MetricFamily)family!, value, labels));
        _listener.SetMeasurementEventCallback<int>((_, value, labels, family) => Take((MetricFamily)family!, (long)value, labels));
        _listener.SetMeasurementEventCallback<short>((_, value, labels, family) => Take((MetricFamily)family!, (long)value, labels));
        _listener.SetMeasurementEventCallback<byte>((_, value, labels, family) => Take((MetricFamily)family!, (long)value, labels));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, family) => Take((MetricFamily)family!, value, labels));
        _listener.SetMeasurementEventCallback<float>((_, value, labels, family) => Take((MetricFamily)family!, (double)value, labels));
        _listener.SetMeasurementEventCallback<decimal>((_, value, labels, family) => Take((MetricFamily)family!, (double)value, labels));
        _listener.Start();
    }

    /// <summary>Asks the observable instruments, then hands over every family with its series, by name. One scrape at a time.</summary>
    public void Collect(Action<MetricFamily, IReadOnlyList<MetricSeries>> family)
    {
        lock (_gate)
        {
            _scrape++;
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException faults)
            {
                // The other instruments were asked all the same.
                LogFaults(faults);
            }

            foreach (var one in Families())
            {
                family(one, one.Series(_scrape));
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static (MetricKind Kind, bool IsAbsolute) KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return generic == typeof(Counter<>) ? (MetricKind.Counter, false)
            : generic == typeof(ObservableCounter<>) ? (MetricKind.Counter, true)
            : generic == typeof(Histogram<>) ? (MetricKind.Histogram, false)
            : generic == typeof(UpDownCounter<>) ? (MetricKind.Gauge, false)
            : (MetricKind.Gauge, true);
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!instrument.Meter.Name.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return;
        }

        var name = MetricText.Name(instrument.Name);
        var (kind, isAbsolute) = KindOf(instrument);
        MetricFamily? family;
        lock (_families)
        {
            if (!_families.TryGetValue(name, out family))
            {
                family = new MetricFamily(name, instrument.Description ?? string.Empty, kind, isAbsolute, instrument.IsObservable, _maxSeries);
                _families.Add(name, family);
            }
        }

        if (family.Kind == kind && family.IsAbsolute == isAbsolute)
        {
            listener.EnableMeasurementEvents(instrument, family);
        }
        else
        {
            LogClash(name, instrument.Meter.Name);
        }
    }

    private List<MetricFamily> Families()
    {
        lock (_families)
        {
            return [.. _families.Values];
        }
    }

    private void Take(MetricFamily family, long value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (family.Kind is MetricKind.Histogram || family.IsAbsolute)
        {
            Take(family, (double)value, labels);
            return;
        }

        family.Find(labels).Add(value);
    }

    private void Take(MetricFamily family, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var series = family.Find(labels);
        if (family.Kind is MetricKind.Histogram)
        {
            series.Record(value);
        }
        else if (family.IsAbsolute)
        {
            series.Set(value, Volatile.Read(ref _scrape));
        }
        else
        {
            series.Add(value);
        }
    }

    [LoggerMessage(EventId = 7020, Level = LogLevel.Error, Message = "Metrics: an instrument failed when it was asked")]
    private partial void LogFaults(Exception faults);

    [LoggerMessage(EventId = 7021, Level = LogLevel.Warning, Message = "Metrics: {Name} of meter {Meter} is not shown, another meter has it as another kind")]
    private partial void LogClash(string name, string meter);
}
