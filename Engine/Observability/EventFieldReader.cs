using System.Text.Json;

namespace Engine.Observability;

/// <summary>Goes through the fields of one line that hold a word or a number; what is nested is passed over.</summary>
/// <param name="line">One JSON object.</param>
internal ref struct EventFieldReader(ReadOnlySpan<byte> line)
{
    private Utf8JsonReader _json = new(line);

    /// <summary>Name of the current field, as it stands in the line; names are never escaped.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <exception cref="JsonException">The line is damaged.</exception>
    public bool Next()
    {
        while (_json.Read())
        {
            switch (_json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    Name = _json.ValueSpan;
                    break;
                case JsonTokenType.StartArray or JsonTokenType.StartObject when _json.CurrentDepth > 0:
                    _json.Skip();
                    break;
                case JsonTokenType.String or JsonTokenType.Number:
                    return _json.CurrentDepth == 1;
                default:
                    break;
            }
        }

        return false;
    }

    public readonly bool Is(ReadOnlySpan<byte> text) => _json.TokenType is JsonTokenType.String && _json.ValueTextEquals(text);

    /// <summary>The word without escapes, or nothing when it is longer than <paramref name="target"/> or a number.</summary>
    public readonly ReadOnlySpan<byte> Text(Span<byte> target)
    {
        if (_json.TokenType is not JsonTokenType.String || _json.ValueSpan.Length > target.Length)
        {
            return default;
        }

        return _json.ValueIsEscaped ? target[.._json.CopyString(target)] : _json.ValueSpan;
    }

    public readonly long Number() => _json.TokenType is JsonTokenType.Number && _json.TryGetInt64(out var number) ? number : 0;
}
