using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentCanary.Server.Gateway;

/// <summary>Trailers are looked for where there may be some: to ask an answer for them costs a collection of headers.</summary>
public sealed class TrailerTests
{
    [Theory]
    [InlineData("1.1", true, true), InlineData("2.0", false, true), InlineData("3.0", false, true)]
    [InlineData("1.0", false, false), InlineData("1.1", false, false)]
    public void Only_an_answer_that_may_have_trailers_is_asked_for_them(string version, bool isChunked, bool isAsked)
    {
        using var answer = new HttpResponseMessage { Version = Version.Parse(version) };
        if (isChunked) answer.Headers.TransferEncodingChunked = true;
        answer.TrailingHeaders.Add("X-Late", "1");
        var context = new DefaultHttpContext();
        var taken = new Taken();
        context.Features.Set<IHttpResponseTrailersFeature>(taken);
        ResponseHeaders.CopyTrailers(context, answer, null!);
        Assert.Equal(isAsked ? ["X-Late"] : [], taken.Trailers.Keys);
    }

    private sealed class Taken : IHttpResponseTrailersFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers
        {
            get => Trailers;
            set => throw new NotSupportedException();
        }

        public HeaderDictionary Trailers { get; } = [];
    }
}
