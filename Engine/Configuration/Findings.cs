namespace Engine.Configuration;

/// <summary>Collects every fault of a configuration, so that one look shows them all.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public bool HasCore => _all.Exists(finding => finding.Scope is FindingScope.Core);

    public void Add(Finding finding) => _all.Add(finding);
}
