namespace AgentCanary.Spec;

/// <summary>Reads a value from text, or says what is wrong and what would be right.</summary>
internal delegate bool Parse<T>(string text, out T value, out string fault);
