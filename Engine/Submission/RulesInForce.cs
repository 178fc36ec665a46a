using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>The rules of the snapshot in force. Thread-safe; built anew by whoever asks first after a reload.</summary>
internal sealed class RulesInForce(CurrentSnapshot current)
{
    private SubmissionRules _value = new(current.Value);

    /// <summary>Whether mail from an author domain must wait because its key was revoked and no other may sign yet. Asked once a message.</summary>
    public Func<DomainName, bool> IsWithheld { get; init; } = static _ => false;

    public SubmissionRules Value
    {
        get
        {
            var (rules, snapshot) = (Volatile.Read(ref _value), current.Value);
            if (ReferenceEquals(rules.Snapshot, snapshot) && ReferenceEquals(rules.IsWithheld, IsWithheld))
            {
                return rules;
            }

            rules = new SubmissionRules(snapshot) { IsWithheld = IsWithheld };
            Volatile.Write(ref _value, rules);
            return rules;
        }
    }
}
