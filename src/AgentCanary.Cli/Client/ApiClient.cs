using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Client;

/// <summary>The one client of the admin API. Follows no redirects, keeps no cookies, uses no proxy. Thread-safe.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly Uri _server;
    private readonly string? _key;
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15), PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    });

    /// <summary>Makes a client.</summary>
    /// <param name="server">The server's base address.</param>
    /// <param name="key">The API key, or null for none.</param>
    public ApiClient(Uri server, string? key)
    {
        _server = server.AbsoluteUri.EndsWith('/') ? server : new(server.AbsoluteUri + '/');
        _key = key;
    }

    /// <summary>Lists every rollout.</summary>
    public Task<ApiReply<ImmutableArray<RolloutView>>> ListAsync(CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, "api/v1/rollouts", null, null, ApiJson.Wire.ImmutableArrayRolloutView, cancellationToken);

    /// <summary>Shows one rollout.</summary>
    public Task<ApiReply<RolloutView>> FindAsync(string agent, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, PathOf(agent), null, null, ApiJson.Wire.RolloutView, cancellationToken);

    /// <summary>Lists what happened to a rollout, oldest first.</summary>
    public Task<ApiReply<ImmutableArray<EventView>>> ReadEventsAsync(string agent, long after, int limit, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{PathOf(agent)}/events?after={after}&limit={limit}"), null, null, ApiJson.Wire.ImmutableArrayEventView, cancellationToken);

    /// <summary>Lists the newest pairs of a shadow, newest first.</summary>
    public Task<ApiReply<ImmutableArray<PairView>>> ReadPairsAsync(string agent, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"{PathOf(agent)}/shadow", null, null, ApiJson.Wire.ImmutableArrayPairView, cancellationToken);

    /// <summary>Explains a decision.</summary>
    public Task<ApiReply<DecisionView>> ExplainAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, $"api/v1/decisions/{Uri.EscapeDataString(id)}", null, null, ApiJson.Wire.DecisionView, cancellationToken);

    /// <summary>Tells scores of requests that were answered.</summary>
    public Task<ApiReply<ReportsView>> PostScoresAsync(JsonArray scores, CancellationToken cancellationToken)
    {
        var content = new StringContent(scores.ToJsonString(), Encoding.UTF8, "application/json");
        return AskAsync(HttpMethod.Post, "api/v1/scores", content, null, ApiJson.Wire.ReportsView, cancellationToken);
    }

    /// <summary>Asks something of a rollout.</summary>
    public Task<ApiReply<RolloutView>> ActAsync(string agent, string act, ActBody body, long? revision, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Wire.ActBody)) { Headers = { ContentType = new("application/json") } };
        return AskAsync(HttpMethod.Post, $"{PathOf(agent)}/{act}", content, revision, ApiJson.Wire.RolloutView, cancellationToken);
    }

    /// <summary>Applies a rollout file.</summary>
    public Task<ApiReply<RolloutView>> ApplyAsync(string agent, ReadOnlyMemory<byte> file, bool supersede, long? revision, CancellationToken cancellationToken)
    {
        var content = new ReadOnlyMemoryContent(file) { Headers = { ContentType = new("application/yaml") } };
        return AskAsync(HttpMethod.Put, $"{PathOf(agent)}?supersede={(supersede ? "true" : "false")}", content, revision, ApiJson.Wire.RolloutView, cancellationToken);
    }

    /// <summary>Follows one rollout until the server ends the stream.</summary>
    /// <exception cref="ServerUnreachableException">The server cannot be reached, or the connection broke.</exception>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(string agent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = RequestOf(HttpMethod.Get, $"api/v1/stream?agent={Uri.EscapeDataString(agent)}", null, null);
        using var response = await SendAsync(request, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw ProblemOf(response, await new StreamReader(body).ReadToEndAsync(cancellationToken));
        await using var items = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveAsync(items)) yield return items.Current;
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private static string PathOf(string agent) => $"api/v1/rollouts/{Uri.EscapeDataString(agent)}";

    private async Task<bool> MoveAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new ServerUnreachableException(_server, "the connection broke.", exception);
        }
    }

    private HttpRequestMessage RequestOf(HttpMethod method, string path, HttpContent? content, long? revision)
    {
        var request = new HttpRequestMessage(method, new Uri(_server, path)) { Content = content };
        if (revision is { } number) request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{number}\"")));
        if (_key is not null) request.Headers.Authorization = new("Bearer", _key);
        return request;
    }

    private async Task<ApiReply<T>> AskAsync<T>(HttpMethod method, string path, HttpContent? content, long? revision, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(AnswerTimeout);
        try
        {
            using var request = RequestOf(method, path, content, revision);
            using var response = await SendAsync(request, timeout.Token);
            var body = await response.Content.ReadAsStringAsync(timeout.Token);
            if (!response.IsSuccessStatusCode) throw ProblemOf(response, body);
            return new(JsonSerializer.Deserialize(body, type) ?? throw NotOurs(), body);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerUnreachableException(_server, $"no answer within {AnswerTimeout.TotalSeconds} s.", exception);
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw NotOurs(exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _invoker.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new ServerUnreachableException(_server, $"{exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private ApiProblemException ProblemOf(HttpResponseMessage response, string body)
    {
        try
        {
            if (response.Content.Headers.ContentType?.MediaType == "application/problem+json" && JsonSerializer.Deserialize(body, ApiJson.Wire.Problem) is { } problem) return new(problem);
        }
        catch (JsonException)
        {
            // Said below: whoever answered speaks another language.
        }
        return new(new((int)response.StatusCode, "foreign", $"{_server} answered {(int)response.StatusCode} and is perhaps no admin listener of AgentCanary: check --server URL.") { Title = "Unexpected answer" });
    }

    private ServerUnreachableException NotOurs(Exception? inner = null) => new(_server, "its answer is not one of AgentCanary's admin listener.", inner);
}
