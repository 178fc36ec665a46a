using System.Xml;

namespace Engine.Preflight.Bimi;

/// <summary>
/// Whether a logo is SVG Tiny Portable/Secure, as far as its form tells (draft-svg-tiny-ps-abrotman): the root says so, it has a title, nothing in it runs, moves or leads
/// elsewhere. Pure; document types are refused, so no entity grows.
/// </summary>
internal static class SvgForm
{
    /// <summary>Octets a logo should not exceed.</summary>
    public const int MaxSize = 32 << 10;

    private const string Namespace = "http://www.w3.org/2000/svg";
    private const int MaxFaults = 10;

    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "a", "image", "foreignObject", "animate", "animateColor", "animateMotion", "animateTransform", "set", "audio", "video", "handler", "listener", "discard", "prefetch", "style", "switch",
    };

    /// <returns>What is wrong; empty for nothing.</returns>
    public static IReadOnlyList<string> Judge(ReadOnlyMemory<byte> octets)
    {
        if (octets.Length > MaxSize)
        {
            return [$"it has {octets.Length} octets, more than {MaxSize}"];
        }

        var faults = new List<string>();
        try
        {
            using var stream = new MemoryStream(octets.ToArray());
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxSize, IgnoreComments = true });
            Read(reader, faults);
        }
        catch (XmlException fault)
        {
            faults.Add($"it is no XML, or has a document type: {fault.Message}");
        }

        return faults;
    }

    private static void Read(XmlReader reader, List<string> faults)
    {
        var hasTitle = false;
        for (var isRoot = true; reader.Read() && faults.Count < MaxFaults;)
        {
            if (reader.NodeType is XmlNodeType.ProcessingInstruction)
            {
                faults.Add($"it has an instruction <?{reader.Name}?>");
            }

            if (reader.NodeType is not XmlNodeType.Element)
            {
                continue;
            }

            var name = reader.LocalName;
            if (isRoot)
            {
                Root(reader, faults);
            }

            isRoot = false;
            if (Forbidden.Contains(name))
            {
                faults.Add($"it has an element <{name}>");
            }

            var (isTitle, isEmpty) = (name == "title" && reader.Depth == 1, reader.IsEmptyElement);
            Attributes(reader, name, faults);
            hasTitle |= isTitle && !isEmpty && reader.Read() && reader.NodeType is XmlNodeType.Text && !string.IsNullOrWhiteSpace(reader.Value);
        }

        if (!hasTitle && faults.Count < MaxFaults)
        {
            faults.Add("it has no <title> with a text directly under <svg>");
        }
    }

    private static void Root(XmlReader reader, List<string> faults)
    {
        if (reader.LocalName != "svg" || reader.NamespaceURI != Namespace)
        {
            faults.Add($"its root is <{reader.LocalName}>, not <svg> of {Namespace}");
        }

        if (reader.GetAttribute("baseProfile") is not "tiny-ps" and var profile)
        {
            faults.Add($"baseProfile is {(profile is null ? "missing" : $"'{profile}'")}, not 'tiny-ps'");
        }

        if (reader.GetAttribute("version") is not "1.2" and var version)
        {
            faults.Add($"version is {(version is null ? "missing" : $"'{version}'")}, not '1.2'");
        }

        if (reader.GetAttribute("x") is not null || reader.GetAttribute("y") is not null)
        {
            faults.Add("its root has x= or y=");
        }
    }

    private static void Attributes(XmlReader reader, string element, List<string> faults)
    {
        while (reader.MoveToNextAttribute())
        {
            var (name, value) = (reader.LocalName, reader.Value.Trim());
            if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
            {
                faults.Add($"<{element}> has {name}=, which runs");
            }
            else if ((name is "href" or "src" && !value.StartsWith('#')) || IsForeign(value))
            {
                faults.Add($"<{element}> {name}= leads outside the file");
            }
        }

        reader.MoveToElement();
    }

    private static bool IsForeign(string value) =>
        value.IndexOf("url(", StringComparison.OrdinalIgnoreCase) is >= 0 and var at && !value[(at + 4)..].TrimStart(' ', '"', '\'').StartsWith('#');
}
