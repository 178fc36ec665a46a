using System.Security.Cryptography;
using System.Text;

namespace Engine.Feedback.Reports;

/// <summary>The pages people see behind an unsubscribe link: one file of HTML each, no script, no picture, nothing from elsewhere. They do not say whose link it is: the token does not know.</summary>
internal static class UnsubscribePage
{
    private const string Style = """
        body{font:1.1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:34rem;margin:15vh auto;padding:0 1.5rem}
        h1{font-size:1.6rem;line-height:1.25}
        button{font:inherit;font-weight:600;color:#fff;background:#0b57a4;border:0;border-radius:.4rem;padding:.8rem 1.6rem;cursor:pointer}
        button:focus-visible{outline:3px solid #f0a500;outline-offset:3px}
        @media(prefers-color-scheme:dark){body{color:#eee;background:#161616}button{background:#8ab8ff;color:#0a1a2f}}
        """;

    private const string Form = """
        <form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button type="submit">Unsubscribe</button></form>
        """;

    /// <summary>Value of Content-Security-Policy: nothing is loaded, our own style is known by its hash, the form goes where the page came from.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>HTTP status of an answer.</summary>
    public static int StatusOf(UnsubscribeAnswer answer) => answer switch
    {
        UnsubscribeAnswer.Ask or UnsubscribeAnswer.Done => 200,
        UnsubscribeAnswer.NotAsked => 400,
        UnsubscribeAnswer.NotFound => 404,
        UnsubscribeAnswer.Gone => 410,
        UnsubscribeAnswer.TooMany => 429,
        _ => 503,
    };

    /// <summary>The page of an answer, UTF-8.</summary>
    public static byte[] Of(UnsubscribeAnswer answer)
    {
        var (title, text) = answer switch
        {
            UnsubscribeAnswer.Ask => ("Unsubscribe", "<p>You will get no more mail of this list. Press the button to confirm.</p>" + Form),
            UnsubscribeAnswer.Done => ("You are unsubscribed", "<p>You will get no more mail of this list. Mail that is on its way already may still reach you.</p><p>You can close this page.</p>"),
            UnsubscribeAnswer.Gone => ("This link has expired", "<p>Please use the unsubscribe link of a newer mail, or reply to the sender.</p>"),
            UnsubscribeAnswer.NotAsked => ("Nothing was changed", "<p>The request did not ask to be unsubscribed. Please press the button.</p>" + Form),
            UnsubscribeAnswer.NotFound => ("This link is not valid", "<p>It may have been cut on its way. Please copy the whole link from the mail, or reply to the sender.</p>"),
            UnsubscribeAnswer.TooMany => ("Too many requests", "<p>Please try again in a minute.</p>"),
            _ => ("Not done yet", "<p>You are not unsubscribed yet: something failed on our side. Please try again in a few minutes.</p>"),
        };
        return Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{title}</title><style>{Style}</style></head>
            <body><main><h1>{title}</h1>{text}</main></body></html>

            """);
    }
}
