using System.Collections;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Binding;

/// <summary>
/// Fills the options records from the tree, by their shape. Every fault goes to the report and leaves the default behind; a text of the wrong
/// form is kept, so that the checks that follow see every item at its own index.
/// </summary>
internal sealed class Binder(Report report)
{
    public EngineOptions Bind(Setting root) => (EngineOptions)Record(Shape.Root, root);

    /// <summary>Binds another file's tree.</summary>
    public T Bind<T>(Shape shape, Setting root)
        where T : class => (T)Record(shape, root);

    private object Record(Shape shape, Setting setting)
    {
        var record = Activator.CreateInstance(shape.Type)!;
        if (setting.Kind is not SettingKind.Object)
        {
            report.Add(setting, $"expected an object, found {setting.Shown}");
            return record;
        }

        foreach (var member in setting.Members.Where(member => !IsSchemaOfRoot(member)))
        {
            if (shape.Find(member.Name) is { } key)
            {
                Set(record, key, member.Value);
            }
            else
            {
                var known = shape.Keys.Select(key => key.Name).ToList();
                report.Add(member.Value.Path, member.Value.File, member.Line, $"unknown key '{member.Name}'{NearestName.Hint(member.Name, known)}");
            }
        }

        foreach (var key in shape.Keys.Where(key => key.Required && setting.Find(key.Name) is null))
        {
            report.Add(setting.Path[key.Name], setting.File, setting.Line, $"the key '{key.Name}' is missing");
        }

        return record;
    }

    private void Set(object record, OptionKey key, Setting setting)
    {
        if (setting.Kind is SettingKind.Null && key.Nullable)
        {
            return;
        }

        if (key.NotEmpty && setting is { Text: "", Items: [], Members: [], Kind: SettingKind.Text or SettingKind.List or SettingKind.Object })
        {
            report.Add(setting, "must not be empty");
        }
        else if (Value(key.Shape, key, setting) is { } value)
        {
            key.Property.SetValue(record, value);
        }
    }

    private object? Value(Shape shape, OptionKey key, Setting setting) => shape.Kind switch
    {
        _ when setting.Unset => null,
        ShapeKind.Record => Record(shape, setting),
        ShapeKind.List => List(shape, key, setting),
        ShapeKind.Map => Map(shape, key, setting),
        ShapeKind.Schedule => Schedule(setting),
        _ => Scalar(shape, key, setting),
    };

    private Array? List(Shape shape, OptionKey key, Setting setting)
    {
        if (setting.Kind is not SettingKind.List)
        {
            report.Add(setting, $"expected a list, found {Found(key, setting)}");
            return null;
        }

        var items = setting.Items.Select(item => Value(shape.Item!, key, item) ?? Placeholder(shape.Type)).Where(item => item is not null).ToList();
        var list = Array.CreateInstance(shape.Type, items.Count);
        ((ICollection)items).CopyTo(list, 0);
        return list;
    }

    // Keeps the items behind a faulty text at their index.
    private static string? Placeholder(Type type) => type == typeof(string) ? string.Empty : null;

    private IDictionary? Map(Shape shape, OptionKey key, Setting setting)
    {
        if (setting.Kind is not SettingKind.Object)
        {
            report.Add(setting, $"expected an object, found {Found(key, setting)}");
            return null;
        }

        var map = (IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(shape.NameType!, shape.Type))!;
        foreach (var member in setting.Members)
        {
            if (Name(shape, key, member) is { } name && Value(shape.Item!, key, member.Value) is { } value)
            {
                if (map.Contains(name))
                {
                    report.Add(member.Value.Path, member.Value.File, member.Line, $"'{member.Name}' is '{name}', which stands here already");
                }
                else
                {
                    map.Add(name, value);
                }
            }
        }

        return map;
    }

    private object? Name(Shape shape, OptionKey key, SettingMember member)
    {
        var name = (shape.NameType!.IsEnum, key.NameForm) switch
        {
            (true, _) => Spelling.Parse(shape.NameType, member.Name),
            (_, { } form) => TextForms.Name(form, member.Name),
            _ => member.Name,
        };
        if (name is null)
        {
            var expected = shape.NameType.IsEnum ? ScalarText.Expected(shape.NameType) : TextForms.Expected(key.NameForm!.Value);
            report.Add(member.Value.Path, member.Value.File, member.Line, $"expected {expected}, found '{member.Name}'");
        }

        return name;
    }

    private RetrySchedule? Schedule(Setting setting)
    {
        if (setting.Kind is not SettingKind.List || setting.Items.Any(item => item.Kind is not SettingKind.Text))
        {
            report.Add(setting, $"expected a list of delays such as [\"2m\", \"5m\", \"4h x*\"], found {setting.Shown}");
            return null;
        }

        if (setting.Items.Any(item => item.Unset))
        {
            return null;
        }

        string[] items = [.. setting.Items.Select(item => item.Text)];
        if (!RetrySchedule.TryParse(items, out var schedule, out var error))
        {
            report.Add(setting, error);
        }

        return schedule;
    }

    private object? Scalar(Shape shape, OptionKey key, Setting setting)
    {
        var value = ScalarText.Read(shape.Type, setting);
        var (low, high) = (key.Between?.Low, key.Between?.High);
        var bounds = low is null ? string.Empty : $" from {low} to {high}";
        if (value is null || (low is not null && Outside(shape.Type, value, low, high!)))
        {
            report.Add(setting, $"expected {Expected()}{bounds}, found {Found(key, setting)}");
            return null;
        }

        if (value is not string text)
        {
            return value;
        }

        if (key.Texts is not null && !key.Texts.Contains(text))
        {
            report.Add(setting, $"expected {Expected()}, found {Found(key, setting)}");
            return null;
        }

        if (TextForms.Fault(key.Form, text) is { } fault)
        {
            report.Add(setting, key.Secret ? fault : $"{fault}, found {Found(key, setting)}");
        }

        return text;

        string Expected() => key.Texts is null ? ScalarText.Expected(shape.Type) : ScalarText.Expected(key.Texts);
    }

    private static bool Outside(Type type, object value, string low, string high) =>
        ScalarText.Weight(value) < ScalarText.Bound(type, low) || ScalarText.Weight(value) > ScalarText.Bound(type, high);

    private static string Found(OptionKey key, Setting setting) => key.Secret && setting.Kind is SettingKind.Text ? "***" : setting.Shown;

    private static bool IsSchemaOfRoot(SettingMember member) => member is { Name: "$schema", Value.Path.Steps.Count: 1 };
}
