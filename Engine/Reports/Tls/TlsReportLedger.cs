using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>
/// Remembers durably what was sent where: a line before each sending, so that no crash sends a day's report twice; whoever dies between the line and the
/// sending loses that one report. One caller at a time.
/// </summary>
/// <param name="path">The file; need not exist.</param>
internal sealed class TlsReportLedger(string path)
{
    /// <summary>Reports that one place gets in a day, whoever names it: one place may serve many domains, but nobody is to be flooded through us.</summary>
    public const int MaxPerTarget = 500;

    /// <summary>Reports that one domain or host gets in a day, under whatever names: some serve thousands of domains.</summary>
    public const int MaxPerHost = 5_000;

    private const char Begun = '+';
    private const char TakenBack = '-';

    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<(DateOnly Day, string Target), int> _perTarget = [];

    /// <summary>Reads the file and leaves out what is older. A line cut off by a crash is passed over.</summary>
    /// <param name="oldest">The first day kept.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public void Load(DateOnly oldest)
    {
        _sent.Clear();
        _perTarget.Clear();
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (line.Split(' ') is [[Begun or TakenBack] and var sign, var date, var domain, var target]
                && DateOnly.TryParseExact(date, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= oldest)
            {
                Apply(sign[0] == Begun, day, domain, target);
            }
        }

        var text = new StringBuilder();
        foreach (var one in _sent)
        {
            text.Append(Begun).Append(' ').Append(one).Append('\n');
        }

        DurableFile.Replace(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    public bool Has(DateOnly day, DomainName domain, TlsReportTarget target) => _sent.Contains(KeyOf(day, domain.Name, target.Key));

    /// <summary>True when this place has had as many reports about that day as one may get.</summary>
    public bool IsFull(DateOnly day, TlsReportTarget target) =>
        _perTarget.GetValueOrDefault((day, target.Place)) >= MaxPerTarget || _perTarget.GetValueOrDefault((day, target.Host)) >= MaxPerHost;

    /// <summary>Writes down that a report is being sent. On stable storage when this returns.</summary>
    /// <exception cref="IOException">Then it must not be sent.</exception>
    public void Begin(DateOnly day, DomainName domain, TlsReportTarget target) => Write(isBegun: true, day, domain, target);

    /// <summary>Writes down that it was certainly not taken and may be sent again.</summary>
    /// <exception cref="IOException">Then it will not be sent again.</exception>
    public void TakeBack(DateOnly day, DomainName domain, TlsReportTarget target) => Write(isBegun: false, day, domain, target);

    private static string KeyOf(DateOnly day, string domain, string target) => string.Create(CultureInfo.InvariantCulture, $"{day:O} {domain} {target}");

    private void Write(bool isBegun, DateOnly day, DomainName domain, TlsReportTarget target)
    {
        using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.Write(Encoding.UTF8.GetBytes($"{(isBegun ? Begun : TakenBack)} {KeyOf(day, domain.Name, target.Key)}\n"));
            file.Flush(flushToDisk: true);
        }

        Apply(isBegun, day, domain.Name, target.Key);
    }

    private void Apply(bool isBegun, DateOnly day, string domain, string target)
    {
        var key = KeyOf(day, domain, target);
        if (isBegun ? _sent.Add(key) : _sent.Remove(key))
        {
            var place = TlsReportTarget.TryParse(target, out var known) ? known : null;
            foreach (var counted in place is null ? [target] : new[] { place.Place, place.Host })
            {
                _perTarget[(day, counted)] = _perTarget.GetValueOrDefault((day, counted)) + (isBegun ? 1 : -1);
            }
        }
    }
}
