namespace Engine.Configuration.Reading;

/// <summary>
/// Collects what is wrong while a configuration is read, bound and checked. Place and scope of a fault are found at the end, when
/// the whole tree is known.
/// </summary>
internal sealed class Report
{
    private readonly List<Fault> _faults = [];

    /// <summary>How many faults there are so far.</summary>
    public int Count => _faults.Count;

    /// <summary>A fault whose place is known.</summary>
    public void Add(JsonPath path, string file, int line, string message) => _faults.Add(new Fault(path, file, line, message));

    /// <summary>A fault of a value.</summary>
    public void Add(Setting setting, string message) => Add(setting.Path, setting.File, setting.Line, message);

    /// <summary>A fault at a path; its place is the line of the key there, or of what would hold it.</summary>
    public void Add(JsonPath path, string message) => _faults.Add(new Fault(path, null, 0, message));

    /// <summary>Everything as findings, file by file and line by line.</summary>
    /// <param name="root">The merged tree; null when there is none, and then each fault names its place.</param>
    /// <param name="file">The main file, for faults without a place.</param>
    public Findings ToFindings(Setting? root, string file)
    {
        var scopes = new ScopeRule(root);
        var findings = new Findings();
        var placed = _faults.Select(fault => fault.File is null && root is not null ? Place(fault, root) : fault).ToList();
        var files = placed.Select(fault => fault.File).Prepend(file).Distinct().ToList();
        foreach (var fault in placed.OrderBy(fault => files.IndexOf(fault.File)).ThenBy(fault => fault.Line))
        {
            var (scope, subject) = scopes.Of(fault.Path);
            findings.Add(new Finding(fault.File ?? file, fault.Line, fault.Path.ToString(), fault.Message, scope) { Subject = subject });
        }

        return findings;
    }

    private static Fault Place(Fault fault, Setting root)
    {
        var (value, line, _) = root.Nearest(fault.Path);
        return fault with { File = value.File, Line = line };
    }

    private sealed record Fault(JsonPath Path, string? File, int Line, string Message);
}
