namespace Engine.Tests.House;

internal sealed class MemberScanTests
{
    [TestCase("void F() { if (a) { b(); } }", "Function F")]
    [TestCase("int F(int a = 3) => a;", "Function F")]
    [TestCase("int F() => a switch { 1 => 2, _ => 3 };", "Function F")]
    [TestCase("X F() => new() { Y = 1 };", "Function F")]
    [TestCase("public F(int a) : this() { }", "Function F")]
    [TestCase("T F<T>(List<T> a) where T : struct { return default; }", "Function F")]
    [TestCase("abstract void F();", "Function F")]
    [TestCase("(int A, int B) F() => (1, 2);", "Function F")]
    [TestCase("public static bool operator ==(A a, A b) => a.Equals(b);", "Function ==")]
    [TestCase("public static bool operator <=(A a, A b) { return true; }", "Function <=")]
    [TestCase("int this[int at] => _a[at];", "Function this")]
    [TestCase("public int P { get; init; } = 5;", "Function P")]
    [TestCase("public int P { get { return 1; } set { } }", "Function P")]
    [TestCase("public int P => _p;", "Function P")]
    [TestCase("private readonly int _a;", "Field _a")]
    [TestCase("private readonly Dictionary<string, List<int>> _a = new() { [\"x\"] = [1] };", "Field _a")]
    [TestCase("private readonly Func<int, int> _a = x => { return x; };", "Field _a")]
    [TestCase("private (int A, int B) _a = (1, 2);", "Field _a")]
    [TestCase("public event Action<int>? E;", "Field E")]
    [TestCase("private sealed class N;", "Type N")]
    [TestCase("private readonly record struct N(int A);", "Type N")]
    [TestCase("private enum N { A, B = 2 }", "Type N")]
    [TestCase("private interface N { void F(); }", "Type N, Function F")]
    [TestCase("private sealed record N(int A) : M(A) { public int B => A; }", "Type N, Function B")]
    [TestCase("private class N<T> where T : class { int _a; } int _b;", "Type N, Field _a, Field _b")]
    public void Members_are_found(string member, string expected)
    {
        var code = $"using System;\nnamespace A.B;\n[Some(1)]\ninternal sealed class C\n{{\n    [X, Y(typeof(int[]))]\n    {member}\n    int _last;\n}}\n";
        var found = MemberScan.Of(SourceText.Parse(code).Code).Select(one => $"{one.Kind} {one.Name.Trim()}");

        Assert.That(string.Join(", ", found), Is.EqualTo($"Type C, {expected}, Field _last"));
    }

    [Test]
    public void Lines_are_counted_from_the_signature_to_the_last_brace()
    {
        const string Text = """
            namespace A;

            internal class C
            {
                /// <summary>Not counted { .</summary>
                [LongTable("because; {")]
                private static int F(
                    int a)
                {
                    return a; // }
                }
            }
            """;
        var function = MemberScan.Of(SourceText.Parse(Text).Code)[1];

        Assert.That(function.FirstLine, Is.EqualTo(7));
        Assert.That(function.Lines, Is.EqualTo(5));
        Assert.That(function.Attributes, Does.Contain("LongTable"));
        Assert.That(function.Has("static"), Is.True);
        Assert.That(function.Has("readonly"), Is.False);
    }

    [Test]
    public void Block_namespaces_and_several_types_are_read()
    {
        var found = MemberScan.Of("namespace A { using B; partial class C { } ; static class D { extension(int a) { int F() => 1; } } }");

        Assert.That(found.Select(one => one.Name.Trim()), Is.EqualTo(["C", "D", "extension", "F"]));
        Assert.That(found[0].Has("partial"), Is.True);
    }
}
