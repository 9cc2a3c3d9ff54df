using System.Text.Json;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>Who judges a shadow's answers, in stored JSON.</summary>
internal static class JudgeJson
{
    public static void Write(Utf8JsonWriter writer, JudgeSpec judge)
    {
        writer.WriteString("url", judge.Url);
        writer.Pairs("headers", judge.Headers);
        writer.Optional("model", judge.Model);
        writer.Optional("instruction", judge.Instruction);
        writer.Weight("sample_bp", judge.Sample);
        writer.WriteNumber("per_hour", judge.PerHour);
        writer.Seconds("timeout_s", judge.Timeout);
    }

    public static JudgeSpec Read(JsonFields fields)
    {
        var absent = new JudgeSpec(fields.Text("url"));
        return absent with
        {
            Headers = fields.Pairs("headers"),
            Model = fields.TextOrNull("model"),
            Instruction = fields.TextOrNull("instruction"),
            Sample = fields.Weight("sample_bp", absent.Sample),
            PerHour = fields.Int("per_hour", absent.PerHour),
            Timeout = fields.Seconds("timeout_s", absent.Timeout),
        };
    }
}
