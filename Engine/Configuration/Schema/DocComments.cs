using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Engine.Configuration.Schema;

/// <summary>The doc comments of the options, from the file the compiler writes beside the assembly.</summary>
/// <param name="members">Summary by member id, <c>P:Engine.Configuration.QueueOptions.Memory</c>.</param>
internal sealed partial class DocComments(IReadOnlyDictionary<string, string> members)
{
    /// <summary>Those of engine.dll; none where engine.xml is not beside it.</summary>
    public static DocComments OfEngine()
    {
        var file = Path.Join(AppContext.BaseDirectory, "engine.xml");
        return File.Exists(file) ? Read(XDocument.Load(file)) : new DocComments(new Dictionary<string, string>());
    }

    public static DocComments Read(XDocument document) => new(document.Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!)));

    public string? Of(Type type) => members.GetValueOrDefault($"T:{type.FullName}");

    public string? Of(PropertyInfo property) => members.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    public string? Of(FieldInfo field) => members.GetValueOrDefault($"F:{field.DeclaringType!.FullName}.{field.Name}");

    private static string Text(XElement summary)
    {
        var words = summary.DescendantNodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { IsEmpty: true } reference =>
                reference.Attribute("cref")?.Value.Split('.', ':')[^1] ?? reference.Attributes().FirstOrDefault()?.Value,
            _ => string.Empty,
        });
        return Blanks().Replace(string.Concat(words), " ").Trim();
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
