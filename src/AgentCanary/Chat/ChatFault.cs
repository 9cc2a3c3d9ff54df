using System.Net;
using AgentCanary.Protocols;

namespace AgentCanary.Chat;

/// <summary>Tells what an exception of a version means.</summary>
internal static class ChatFault
{
    private const int MostCauses = 4;

    /// <summary>Judges an exception. Never throws.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="isCanceled">Whether the caller had cancelled by then.</param>
    public static OutcomeClass ClassOf(Exception fault, bool isCanceled)
    {
        if (isCanceled) return OutcomeClass.CanceledByClient;
        if (fault is OperationCanceledException or TimeoutException) return OutcomeClass.Timeout;
        var cause = fault;
        for (var depth = 0; cause is not null && depth < MostCauses; depth++, cause = cause.InnerException)
        {
            if (StatusOf(cause) is >= 400 and <= 599 and var status) return ClassOf(status);
        }
        return OutcomeClass.ErrorUpstream;
    }

    // Who chats can cause a bad or too long request. The address, the key and the rights towards the provider are the version's own.
    private static OutcomeClass ClassOf(int status) => status switch
    {
        408 => OutcomeClass.Timeout,
        400 or 413 or 422 or 429 => HttpStatus.ClassOf(status),
        < 500 => OutcomeClass.ErrorUpstream,
        _ => HttpStatus.ClassOf(status),
    };

    // The clients of the providers have exceptions of their own, and all of them name the status so: OpenAI's and Azure's by Status, others by StatusCode.
    private static int? StatusOf(Exception fault)
    {
        if (fault is HttpRequestException { StatusCode: { } code }) return (int)code;
        try
        {
            var type = fault.GetType();
            return (type.GetProperty("Status") ?? type.GetProperty("StatusCode"))?.GetValue(fault) switch
            {
                int status => status,
                HttpStatusCode status => (int)status,
                _ => null,
            };
        }
        catch (Exception)
        {
            return null; // two properties of that name, or one that throws
        }
    }
}
