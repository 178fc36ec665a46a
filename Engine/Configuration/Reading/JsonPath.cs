using System.Globalization;
using System.Text;

namespace Engine.Configuration.Reading;

/// <summary>A place in a JSON document, written as RFC 9535 does: <c>$.pools.bulk.sources</c>, <c>$.domains['acme.example'].dkim[0]</c>.</summary>
internal sealed class JsonPath
{
    public static readonly JsonPath Root = new(null, null, 0);

    private readonly JsonPath? _parent;

    private JsonPath(JsonPath? parent, string? name, int index) => (_parent, Name, Index) = (parent, name, index);

    /// <summary>Name of the last step; null at the root and for an item of a list.</summary>
    public string? Name { get; }

    /// <summary>Index of the last step where it has no name.</summary>
    public int Index { get; }

    /// <summary>The way from the root, which is left out.</summary>
    public IReadOnlyList<JsonPath> Steps
    {
        get
        {
            var steps = new List<JsonPath>();
            for (var at = this; at._parent is { } parent; at = parent)
            {
                steps.Add(at);
            }

            steps.Reverse();
            return steps;
        }
    }

    public JsonPath this[string name] => new(this, name, 0);

    public JsonPath this[int index] => new(this, null, index);

    public override string ToString()
    {
        var text = new StringBuilder("$");
        foreach (var step in Steps)
        {
            _ = step.Name switch
            {
                null => text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]"),
                var name when IsPlain(name) => text.Append('.').Append(name),
                var name => text.Append("['").Append(name.Replace("'", "\\'", StringComparison.Ordinal)).Append("']"),
            };
        }

        return text.ToString();
    }

    private static bool IsPlain(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$');
}
