using System.Text.Json.Nodes;
using Spectre.Console;

namespace Engine.Cli;

/// <summary>Writes what a verb found: tables for people, JSON lines for programs.</summary>
/// <param name="isJson">Option <c>--json</c>.</param>
internal sealed class Output(bool isJson)
{
    private const int PlainWidth = 240;

    public bool IsJson { get; } = isJson;

    public static void Line(string text) => Console.Out.WriteLine(Console.IsOutputRedirected ? text : Harmless(text));

    // What mail holds must not drive the operator's terminal.
    private static string Harmless(string text) =>
        string.Create(text.Length, text, static (line, source) =>
        {
            for (var index = 0; index < line.Length; index++)
            {
                line[index] = char.IsControl(source[index]) && source[index] is not ('\r' or '\n' or '\t') ? '\uFFFD' : source[index];
            }
        });

    public static void Complain(string text) => Console.Error.WriteLine(text);

    /// <summary>An object: a line of JSON, or a name and a value a row.</summary>
    public void Object(JsonNode node)
    {
        if (IsJson)
        {
            Line(node.ToJsonString());
            return;
        }

        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("name").AddColumn("value");
        foreach (var (name, value) in node.AsObject())
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(Text(value)));
        }

        Write(table);
    }

    /// <summary>Rows: a line of JSON each, or a table with these columns.</summary>
    public void Rows(IEnumerable<JsonNode?> rows, params string[] columns)
    {
        if (IsJson)
        {
            foreach (var row in rows)
            {
                Line(row?.ToJsonString() ?? "null");
            }

            return;
        }

        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow([.. columns.Select(column => Markup.Escape(Text(row?[column])))]);
        }

        Write(table);
    }

    // What is not a terminal has no width: a table for a file or a pipe is as wide as its rows.
    private static void Write(Table table)
    {
        AnsiConsole.Profile.Width = Console.IsOutputRedirected ? PlainWidth : AnsiConsole.Profile.Width;
        AnsiConsole.Write(table);
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => string.Empty,
        JsonValue single => Harmless(single.ToString()),
        _ => value.ToJsonString(),
    };
}
