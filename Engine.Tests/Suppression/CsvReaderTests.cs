using Engine.Suppression.Bulk;

namespace Engine.Tests.Suppression;

internal sealed class CsvReaderTests
{
    [TestCase("", "")]
    [TestCase("a", "1:a")]
    [TestCase("a,b\n", "1:a|b")]
    [TestCase("a,b\r\nc,d\r\n", "1:a|b 2:c|d")]
    [TestCase("a,,\n", "1:a||")]
    [TestCase(",\n", "1:|")]
    [TestCase("\n \na\n", "3:a")]
    [TestCase("\"a,b\",c", "1:a,b|c")]
    [TestCase("\"a\"\"b\",\"\"", "1:a\"b|")]
    [TestCase("\"a\nb\",c\nd", "1:a\nb|c 3:d")]
    [TestCase("\"a\"x,c\nd", "1!a quote stands within a field 2:d")]
    [TestCase("a\"x,c\nd", "1!a quote stands within a field 2:d")]
    [TestCase("\"a,c\nd\ne", "1!a quote is not closed 2:d 3:e")]
    [TestCase("\"a,c\nd\n\"e", "1!a quote stands within a field 2:d 3!a quote is not closed")]
    public void Records_are(string text, string expected)
    {
        Assert.That(string.Join(' ', Read(text)), Is.EqualTo(expected));
    }

    [Test]
    public void A_quote_that_never_ends_costs_its_own_line_only()
    {
        var text = "good\n\"bad\n" + string.Concat(Enumerable.Range(0, 2_000).Select(index => $"line{index}\n"));

        var records = Read(text);
        Assert.That(records, Has.Count.EqualTo(2_002));
        Assert.That(records[1], Is.EqualTo("2!a quote is not closed"));
        Assert.That(records[^1], Is.EqualTo("2002:line1999"));
    }

    private static List<string> Read(string text)
    {
        var reader = new CsvReader(new StringReader(text));
        var records = new List<string>();
        while (reader.Read())
        {
            records.Add(reader.Fault is { } fault ? $"{reader.Line}!{fault}" : $"{reader.Line}:{string.Join('|', reader.Fields)}");
        }

        return records;
    }
}
