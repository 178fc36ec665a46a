using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Checks;

/// <summary>The listeners' certificate, where a listener uses it: the files are there, load, and belong together.</summary>
internal static class TlsChecks
{
    public static void Run(Draft draft)
    {
        if (draft.Options.Tls is not { } tls || !draft.Options.Listeners.Values.Any(listener => listener.Tls is not ListenerTls.Off))
        {
            return;
        }

        var path = JsonPath.Root["tls"];
        var hasKey = SecretFileCheck.File(draft, path["key"], tls.Key);
        if (Certificate(draft, path["certificate"], tls.Certificate) && hasKey)
        {
            Pair(draft, path["key"], tls);
        }
    }

    private static bool Certificate(Draft draft, JsonPath path, string file)
    {
        if (TextForms.Fault(TextForm.Path, file) is not null)
        {
            return false;
        }

        var full = draft.PathTo(file);
        if (!File.Exists(full))
        {
            draft.Report.Add(path, $"the file {full} does not exist");
            return false;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(full));
            return true;
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            draft.Report.Add(path, $"the file {full} holds no certificate in PEM: {fault.Message}");
            return false;
        }
    }

    private static void Pair(Draft draft, JsonPath path, TlsOptions tls)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(draft.PathTo(tls.Certificate), draft.PathTo(tls.Key));
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            draft.Report.Add(path, $"the key {draft.PathTo(tls.Key)} does not load or does not belong to the certificate: {fault.Message}");
        }
    }
}
