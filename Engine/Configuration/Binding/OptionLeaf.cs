using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Binding;

/// <summary>A key and what it holds in one configuration.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">A scalar, a schedule, or a list or map of scalars.</param>
internal sealed record OptionLeaf(JsonPath Path, OptionKey Key, object Value);
