using Engine.Configuration;

namespace Engine.Submission;

/// <summary>The rules of the snapshot in force. Thread-safe; built anew by whoever asks first after a reload.</summary>
internal sealed class RulesInForce(CurrentSnapshot current)
{
    private SubmissionRules _value = new(current.Value);

    public SubmissionRules Value
    {
        get
        {
            var (rules, snapshot) = (Volatile.Read(ref _value), current.Value);
            if (ReferenceEquals(rules.Snapshot, snapshot))
            {
                return rules;
            }

            rules = new SubmissionRules(snapshot);
            Volatile.Write(ref _value, rules);
            return rules;
        }
    }
}
