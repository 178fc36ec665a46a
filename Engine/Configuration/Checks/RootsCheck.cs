using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Checks;

/// <summary>Key <c>delivery.tls.roots</c>: the file is there and holds certificates.</summary>
internal static class RootsCheck
{
    public static void Run(Draft draft)
    {
        if (draft.Options.Delivery.Tls.Roots is not { } file || TextForms.Fault(TextForm.Path, file) is not null)
        {
            return;
        }

        var path = JsonPath.Root["delivery"]["tls"]["roots"];
        var full = draft.PathTo(file);
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(full);
            if (roots.Count == 0)
            {
                draft.Report.Add(path, $"the file {full} holds no certificate in PEM");
            }

            foreach (var root in roots)
            {
                root.Dispose();
            }
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            draft.Report.Add(path, $"the file {full} holds no certificate in PEM: {fault.Message}");
        }
    }
}
