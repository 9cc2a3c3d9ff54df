using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentCanary.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Routing;

public sealed class StickyHashTests
{
    [Fact]
    public void Md5_is_the_frameworks_md5_for_every_length_from_0_to_300()
    {
        foreach (var letter in new[] { "x", "é", "漢", "🦜" })
            for (var length = 0; length <= 300; length++)
            {
                var key = string.Concat(Enumerable.Repeat(letter, length));
                Assert.Equal(FrameworkMd5(key), StickyHash.Md5Bucket(key));
            }
    }

    [Fact]
    public void Md5_is_the_frameworks_md5_for_any_string() =>
        Prop.ForAll(AnyKey.Strings, key => StickyHash.Md5Bucket(key) == FrameworkMd5(key)).QuickCheckThrowOnFailure();

    [Fact]
    public void Xxh64_is_a_plain_reading_of_its_specification_for_any_string_and_salt() =>
        Prop.ForAll(AnyKey.Strings, AnyKey.Salts, (key, salt) =>
            StickyHash.Hash(key, salt) == PlainXxh64.Hash(Encoding.UTF8.GetBytes(key), salt)).QuickCheckThrowOnFailure();

    [Fact]
    public void Xxh64_is_a_plain_reading_of_its_specification_for_every_length_around_the_chunks()
    {
        foreach (var letter in new[] { "x", "é", "漢", "🦜", "\ud800" })
            for (var length = 0; length <= 1100; length++)
            {
                var key = string.Concat(Enumerable.Repeat(letter, length));
                Assert.Equal(PlainXxh64.Hash(Encoding.UTF8.GetBytes(key), 5), StickyHash.Hash(key, 5));
            }
    }

    [Theory, InlineData("\ud83e"), InlineData("\udd9c"), InlineData("\udd9c\ud83e"), InlineData("a\ud800b"), InlineData("a\udfff")]
    public void A_lone_surrogate_counts_as_the_replacement_character(string key)
    {
        var replaced = string.Concat(key.Select(unit => char.IsSurrogate(unit) ? '\ufffd' : unit));
        Assert.Equal(StickyHash.Hash(replaced, 3), StickyHash.Hash(key, 3));
        Assert.Equal(StickyHash.Md5Bucket(replaced), StickyHash.Md5Bucket(key));
    }

    [Fact]
    public void A_surrogate_pair_that_straddles_a_chunk_stays_one_character()
    {
        for (var before = 500; before <= 520; before++)
        {
            var key = new string('x', before) + "🦜" + new string('y', 100);
            Assert.Equal(PlainXxh64.Hash(Encoding.UTF8.GetBytes(key), 0), StickyHash.Hash(key, 0));
            Assert.Equal(FrameworkMd5(key), StickyHash.Md5Bucket(key));
        }
    }

    [Fact]
    public void A_megabyte_is_a_key_like_any_other()
    {
        var key = string.Concat(Enumerable.Repeat("0123456789abcdé漢", 70_000));
        Assert.Equal(PlainXxh64.Hash(Encoding.UTF8.GetBytes(key), 11), StickyHash.Hash(key, 11));
        Assert.Equal(FrameworkMd5(key), StickyHash.Md5Bucket(key));
    }

    [Fact]
    public void Another_name_version_or_attempt_gives_another_salt()
    {
        var salts = new[]
        {
            StickyHash.Salt("a", "v1", 1), StickyHash.Salt("b", "v1", 1), StickyHash.Salt("a", "v2", 1), StickyHash.Salt("a", "v1", 2),
            StickyHash.Salt("a", "v1", 1, pepper: 1), StickyHash.Salt("", "av1", 1), StickyHash.Salt("av1", "", 1),
        };
        Assert.Equal(salts.Length, salts.Distinct().Count());
    }

    private static uint FrameworkMd5(string key) => BinaryPrimitives.ReadUInt32BigEndian(MD5.HashData(Encoding.UTF8.GetBytes(key)));
}
