using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Engine.Queue;
using Microsoft.AspNetCore.Http;

namespace Engine.Admin;

/// <summary>Writes what is known of a message, and its header or all of it behind, a piece at a time.</summary>
/// <param name="facts">Everything but the content.</param>
/// <param name="message">Disposed of when it is written; null when it ended meanwhile.</param>
/// <param name="headers">Whether its header is wanted.</param>
/// <param name="body">Whether all of it is.</param>
internal sealed class MessageAnswer(JsonObject facts, StoredMessage? message, bool headers, bool body) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (message)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await using var writer = new Utf8JsonWriter(httpContext.Response.Body);
            writer.WriteStartObject();
            foreach (var (name, fact) in facts)
            {
                writer.WritePropertyName(name);
                JsonSerializer.Serialize(writer, fact);
            }

            if (message is not null && (headers || body))
            {
                writer.WritePropertyName("content");
                await WriteAsync(writer, message, httpContext.RequestAborted).ConfigureAwait(false);
            }

            writer.WriteEndObject();
            await writer.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteAsync(Utf8JsonWriter writer, StoredMessage stored, CancellationToken stop)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        Write(writer, decoder, stored.Head(0).Span);
        if (body)
        {
            foreach (var octets in stored.Content.First)
            {
                Write(writer, decoder, octets.Span);
            }

            for (var piece = 0; piece < (stored.Content.Pieces?.Count ?? 0); piece++)
            {
                Write(writer, decoder, stored.Content.Pieces!.Read(piece).Span);
                await writer.FlushAsync(stop).ConfigureAwait(false);
            }
        }

        writer.WriteStringValueSegment(ReadOnlySpan<char>.Empty, isFinalSegment: true);
    }

    // What is no UTF-8 becomes U+FFFD. A character cut between two pieces waits in the decoder.
    private static void Write(Utf8JsonWriter writer, Decoder decoder, ReadOnlySpan<byte> octets)
    {
        const int Step = 16 << 10;
        var text = ArrayPool<char>.Shared.Rent(Step + 1);
        while (!octets.IsEmpty)
        {
            var next = octets[..Math.Min(Step, octets.Length)];
            var count = decoder.GetChars(next, text, flush: false);
            writer.WriteStringValueSegment(text.AsSpan(0, count), isFinalSegment: false);
            octets = octets[next.Length..];
        }

        ArrayPool<char>.Shared.Return(text);
    }
}
