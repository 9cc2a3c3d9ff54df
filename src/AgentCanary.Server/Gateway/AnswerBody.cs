namespace AgentCanary.Server.Gateway;

/// <summary>Puts another body into an answer whose own was begun to be read.</summary>
internal static class AnswerBody
{
    /// <summary>Replaces the body; the headers about it stay.</summary>
    public static void Replace(HttpResponseMessage answer, Stream body)
    {
        var again = new StreamContent(body);
        foreach (var (name, values) in answer.Content.Headers.NonValidated) again.Headers.TryAddWithoutValidation(name, values);
        answer.Content = again;
    }
}
