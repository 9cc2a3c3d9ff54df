using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>
/// Reads values at places that may be absent. Each read gives the value, or reports a fault and gives what stands for an absent one.
/// </summary>
internal static class PlaceReading
{
    extension(Place? place)
    {
        public string? Text(string wanted) => place?.Text(wanted);

        public T Read<T>(T absent, string wanted, Parse<T> parse)
        {
            if (place?.Text(wanted) is not { } text) return absent;
            if (!parse(text, out var value, out var fault)) place.Fault(fault);
            else return value;
            return absent;
        }

        public Weight Weight(Weight absent) => place.Read<Weight>(absent, "a share such as 5%", WeightText.TryParse);

        public TimeSpan Duration(TimeSpan absent, TimeSpan least, TimeSpan most) =>
            place.Read<TimeSpan>(absent, "a duration such as 10m", (text, out value, out fault) =>
                DurationText.TryParse(text, least, most, out value, out fault));

        public TimeSpan? DurationOrNone(TimeSpan least, TimeSpan most) => place is null ? null : place.Duration(TimeSpan.Zero, least, most);

        public int Whole(int absent, int least, int most) =>
            place.Read<int>(absent, "a whole number", (text, out value, out fault) =>
                NumberText.TryParseWhole(text, least, most, out value, out fault));

        public double Number(double absent, NumberRange range) =>
            place.Read<double>(absent, range.Wanted, (text, out value, out fault) =>
                NumberText.TryParse(text, range, out value, out fault));

        public bool Truth(bool absent) => place.Read<bool>(absent, "true or false", NumberText.TryParseTruth);

        public T Choice<T>(T absent, params ImmutableArray<(string Word, T Value)> choices) =>
            place.Read<T>(absent, string.Join(" or ", choices.Select(choice => choice.Word)), (text, out value, out fault) =>
            {
                var found = choices.FirstOrDefault(choice => choice.Word == text);
                (value, fault) =
                    (found.Value, $"{Quote.Of(text)} is not one of {string.Join(", ", choices.Select(choice => choice.Word))}");
                return found.Word is not null;
            });

        public string Name(string absent, string what) =>
            place.Read<string>(absent, what, (text, out value, out fault) => NameText.TryParse(text, what, out value, out fault));
    }
}
