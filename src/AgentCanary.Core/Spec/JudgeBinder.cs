namespace AgentCanary.Spec;

/// <summary>Binds <c>shadow.judge</c>: who judges a shadow's answers.</summary>
internal static class JudgeBinder
{
    private const string Wanted = "a mapping such as { url: https://judge.example.com/pairs, sample: 10% }";
    private const int LongestInstruction = 4_000;
    private const int LongestModel = 128;

    public static JudgeSpec? Bind(Place? place)
    {
        if (place?.Section(Wanted) is not { } section) return null;
        var (model, instruction, sample) = (section.Take("model"), section.Take("instruction"), section.Take("sample"));
        var usual = new JudgeSpec("");
        var spec = usual with
        {
            Url = section.Need("url", "url: https://judge.example.com/pairs").Read<string?>(null, "an address such as https://judge.example.com/pairs", UrlText.TryParseOutward) ?? "",
            Headers = HeaderBinder.Bind(section.Take("headers")),
            Model = model?.Read<string?>(null, "a model's name such as gpt-4o", TryParseModel),
            Instruction = instruction?.Read<string?>(null, "what is better, in a sentence", TryParseInstruction),
            Sample = sample.Weight(usual.Sample),
            PerHour = section.Take("per_hour").Whole(usual.PerHour, 1, 100_000),
            Timeout = section.Take("timeout").Duration(usual.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        };
        section.Close();
        if (spec.Sample == Weight.None) sample?.Fault("nothing would be judged, and shadow_agreement would have no data: write a share such as 10%, or take judge out");
        if (instruction is not null && model is null) instruction.Fault("instruction is told to a model: add model, or take instruction out, for a judge without one has its own rules");
        return spec;
    }

    private static bool TryParseModel(string text, out string? value, out string fault)
    {
        value = text;
        var isName = text.Length is > 0 and <= LongestModel && text.All(letter => letter is > ' ' and <= '~');
        fault = isName ? "" : $"{Quote.Of(text)} is not a model's name: write 1 to {LongestModel} visible ASCII characters";
        return isName;
    }

    private static bool TryParseInstruction(string text, out string? value, out string fault)
    {
        value = text;
        var isShort = text.Length is > 0 and <= LongestInstruction;
        fault = isShort ? "" : $"the instruction has {text.Length} characters: write 1 to {LongestInstruction}";
        return isShort;
    }
}
