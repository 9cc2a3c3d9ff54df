using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentCanary.Cli.Demo;

/// <summary>One user who has conversations of several turns. Used by one request at a time.</summary>
internal sealed class SimulatedUser(int number)
{
    // One answer in four is read as a stream.
    private const int StreamEvery = 4;

    // Four answers in five get a thumb. People slip now and then.
    private const double RatedShare = 0.8;
    private const double UpWhenHelped = 0.96;
    private const double UpWhenNot = 0.1;

    private static readonly ImmutableArray<ImmutableArray<string>> Scripts =
    [
        ["Hello!", "Where is order {0}?", "And how much would I get back for it?", "Thanks, bye."],
        ["Where is order {0}?", "When will it arrive?", "Can I have a refund instead?"],
        ["What is your refund policy for opened items?", "And how long does the money take?", "How much would I get back for {0}?", "Great, thank you."],
        ["Hi, my parcel is lost.", "It is order {0}.", "What do your terms say about lost parcels?", "Then I want my money back for {0}.", "Thanks."],
        ["Can I exchange shoes for another size?", "And what about the warranty?", "Thank you!"],
    ];

    private readonly Random _random = new(number);
    private readonly List<(string Role, string Text)> _said = [];
    private ImmutableArray<string> _script = [];
    private string _order = "";
    private int _turn;
    private int _requests = number;

    /// <summary>Gets the sticky key that the user sends.</summary>
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"user-{number:0000}");

    /// <summary>Says the next thing: the body of the next request.</summary>
    public string Speak()
    {
        if (_turn == _script.Length) Begin();
        _said.Add(("user", string.Format(CultureInfo.InvariantCulture, _script[_turn++], _order)));
        var messages = new JsonArray([.. _said.Select(m => (JsonNode)new JsonObject { ["role"] = m.Role, ["content"] = m.Text })]);
        return new JsonObject { ["model"] = "support-agent", ["stream"] = ++_requests % StreamEvery == 0, ["messages"] = messages }.ToJsonString();
    }

    /// <summary>Hears the answer, so that the next turn carries it.</summary>
    public void Hear(string answer) => _said.Add(("assistant", answer));

    /// <summary>Says what the user thinks of an answer, or nothing. What never came gets no thumb.</summary>
    public bool? Rate(AnswerKind answer) => answer is AnswerKind.Failed or AnswerKind.Withdrawn || _random.NextDouble() >= RatedShare ? null
        : _random.NextDouble() < (answer is AnswerKind.Helpful ? UpWhenHelped : UpWhenNot);

    private void Begin()
    {
        _said.Clear();
        _turn = 0;
        _script = Scripts[_random.Next(Scripts.Length)];
        _order = _random.Next(1001, 1041).ToString(CultureInfo.InvariantCulture);
    }
}
