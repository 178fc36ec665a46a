namespace Engine.Tests.House;

internal sealed class SourceTextTests
{
    private const string Quotes = "\"\"\"";

    [TestCase("a // b\nc", "a \nc", TestName = "A line comment ends with its line")]
    [TestCase("a /* { \n } */ b", "a \n b", TestName = "A block comment keeps its line ends")]
    [TestCase("x = \"a { // }\"; y", "x = ; y", TestName = "A string")]
    [TestCase("x = \"a \\\" {\"; y", "x = ; y", TestName = "An escaped quote does not end a string")]
    [TestCase("x = \"\\\\\"; y", "x = ; y", TestName = "An escaped backslash before the end")]
    [TestCase("x = @\"a\\\"; y", "x = ; y", TestName = "A backslash is nothing in a verbatim string")]
    [TestCase("x = @\"a \"\" { \n b\"; y", "x = \n; y", TestName = "A doubled quote in a verbatim string of two lines")]
    [TestCase("x = \"\"; y {", "x = ; y {", TestName = "An empty string")]
    [TestCase("x = '{'; y", "x = ; y", TestName = "A character")]
    [TestCase("x = '\\''; y", "x = ; y", TestName = "An escaped apostrophe")]
    [TestCase("x = '\"'; y = \"{\";", "x = ; y = ;", TestName = "A quote as a character")]
    [TestCase("$\"a {b.C} d\"", "b.C", TestName = "Code in a hole stays, the hole's braces do not")]
    [TestCase("$\"{{x}} {y}\";", "y;", TestName = "Doubled braces are text")]
    [TestCase("$\"{a[\"k\"]} {(b ? \"{\" : $\"{c}\")}\";", "a[](b ? : c);", TestName = "Strings within holes within strings")]
    [TestCase("$@\"{a} \"\" {b}\";", "a b;", TestName = "A verbatim string with holes")]
    [TestCase("$\"{new X { Y = 1 }}\";", "new X { Y = 1 };", TestName = "Braces within a hole")]
    [TestCase("#if X // \"\n  #pragma warning disable CA1031\na # b", "\n  \na # b", TestName = "Directives are no code")]
    public void Code_is_what_is_no_comment_and_no_literal(string text, string code)
    {
        var parsed = SourceText.Parse(text).Code;

        Assert.That(parsed, Has.Length.EqualTo(text.Length));
        Assert.That(Squeeze(parsed), Is.EqualTo(Squeeze(code)));
    }

    [Test]
    public void Raw_strings_end_where_as_many_quotes_stand()
    {
        var text = $"x = {Quotes}\n a \" \"\" {{ // \n{Quotes}; y = $${Quotes} {{b}} {{{{c}}}} {Quotes}; z";

        Assert.That(Squeeze(SourceText.Parse(text).Code), Is.EqualTo(Squeeze("x = ; y = c; z")));
    }

    [Test]
    public void Comments_stand_apart()
    {
        var text = "a(\"// no\"); // yes\n/* and */ b";

        Assert.That(Squeeze(SourceText.Parse(text).Comments), Is.EqualTo(Squeeze("// yes /* and */")));
    }

    [Test]
    public void Directives_are_listed() =>
        Assert.That(SourceText.Parse("#region A\nx # y;\n  #endregion\n\"#if\"").Directives, Is.EqualTo(["#region A", "#endregion"]));

    [Test]
    public void A_file_cut_anywhere_is_still_read()
    {
        var text = $"$\"{{a[\"k\"]}}\" + @\"b\" /* c */ + '\\'' // d\n {Quotes} e {Quotes}";
        for (var length = 0; length <= text.Length; length++)
        {
            Assert.That(SourceText.Parse(text[..length]).Code, Has.Length.EqualTo(length));
        }
    }

    private static string Squeeze(string text) => string.Concat(text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
