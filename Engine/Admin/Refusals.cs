using System.Text.Json;
using Engine.Queue;
using Microsoft.AspNetCore.Http;

namespace Engine.Admin;

/// <summary>Turns what went wrong into an answer: 400 for the caller's fault, 422 for damaged mail, in one sentence of plain text.</summary>
internal static class Refusals
{
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is BadRequestException or JsonException or BadHttpRequestException or InvalidOperationException && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(fault.Message).ConfigureAwait(false);
        }
        catch (QueueDamagedException fault) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await context.Response.WriteAsync(fault.Message).ConfigureAwait(false);
        }
    }
}
