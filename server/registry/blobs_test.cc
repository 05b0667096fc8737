#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <latch>
#include <thread>

#include "server/registry/testing/driver.h"
#include "sigstore/base/limits.h"

namespace server::registry {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const std::string uploads = "/v2/app/blobs/uploads/";

std::string blob_path(const std::string& content, const std::string& repository = "app") {
  return "/v2/" + repository + "/blobs/" + Digest::sha256(content).text();
}

std::string closing(const std::string& location, const std::string& content) {
  return location + "?digest=" + Digest::sha256(content).text();
}

struct Blobs : ::testing::Test {
  std::string begin() {
    const auto reply = registry.send("POST", uploads);
    EXPECT_EQ(reply.status, 202);
    EXPECT_EQ(reply.header("Range"), "0-0");
    EXPECT_TRUE(reply.header("Location").starts_with(uploads));
    EXPECT_EQ(uploads + reply.header("Docker-Upload-UUID"), reply.header("Location"));
    return reply.header("Location");
  }
  Driver registry;
};

TEST_F(Blobs, PostAndPut) {
  const auto put = registry.send("PUT", closing(begin(), "content"), "content");
  EXPECT_EQ(put.status, 201);
  EXPECT_EQ(put.header("Location"), blob_path("content"));
  EXPECT_EQ(put.header("Docker-Content-Digest"), Digest::sha256("content").text());
  const auto got = registry.get(blob_path("content"));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "content");
}

TEST_F(Blobs, PostAlone) {
  EXPECT_EQ(registry.send("POST", closing(uploads, "content"), "content").status, 201);
  EXPECT_EQ(registry.get(blob_path("content")).body, "content");
}

TEST_F(Blobs, InChunks) {
  const std::string location = begin();
  auto patch = registry.send("PATCH", location, "one ", {{"Content-Range", "0-3"}});
  EXPECT_EQ(patch.status, 202);
  EXPECT_EQ(patch.header("Range"), "0-3");
  EXPECT_EQ(patch.header("Location"), location);
  EXPECT_EQ(registry.send("PATCH", location, "out of order", {{"Content-Range", "9-20"}}).status, 416);
  EXPECT_EQ(registry.get(location).status, 204);
  EXPECT_EQ(registry.get(location).header("Range"), "0-3");
  EXPECT_EQ(registry.send("PATCH", location, "two ").header("Range"), "0-7");
  EXPECT_EQ(registry.send("PUT", closing(location, "one two three"), "three").status, 201);
  EXPECT_EQ(registry.get(blob_path("one two three")).body, "one two three");
}

TEST_F(Blobs, AChunkOutOfOrderSaysWhereTheUploadStands) {
  const std::string location = begin();
  registry.send("PATCH", location, "one ", {{"Content-Range", "0-3"}});
  for (const char* method : {"PATCH", "PUT"}) {
    const auto refused =
        registry.send(method, closing(location, "one two"), "two", {{"Content-Range", "7-9"}});
    EXPECT_EQ(refused.status, 416) << method;
    EXPECT_EQ(refused.header("Location"), location);
    EXPECT_EQ(refused.header("Range"), "0-3");
  }
  EXPECT_EQ(registry.send("PATCH", location, "one ", {{"Content-Range", "0-3"}}).status, 416) << "again";
  const auto put = registry.send("PUT", closing(location, "one two"), "two", {{"Content-Range", "4-6"}});
  EXPECT_EQ(put.status, 201);
}

TEST_F(Blobs, AnUploadIsNamedByAUuid) {
  const std::string id = begin().substr(uploads.size());
  ASSERT_EQ(id.size(), 36U) << id;
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) EXPECT_EQ(id[dash], '-') << id;
  EXPECT_EQ(id[14], '4') << id;
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
  EXPECT_NE(begin().substr(uploads.size()), id);
}

TEST_F(Blobs, OfAnotherAlgorithm) {
  const std::string digest = sha512_of("content"), path = "/v2/app/blobs/" + digest;
  EXPECT_EQ(registry.send("POST", uploads + "?digest=" + digest, "content").header("Location"), path);
  EXPECT_EQ(registry.get(path).body, "content");
  EXPECT_EQ(registry.get(path).header("Docker-Content-Digest"), digest);
  EXPECT_EQ(registry.get(blob_path("content")).status, 404) << "it has the name that it was sent under";
  const auto begun = registry.send("POST", uploads + "?digest-algorithm=sha512");
  ASSERT_EQ(begun.status, 202);
  const std::string other = sha512_of("other");
  EXPECT_EQ(registry.send("PUT", begun.header("Location") + "?digest=" + other, "other").status, 201);
  EXPECT_EQ(registry.send("PUT", begin() + "?digest=" + other, "other").status, 201) << "nor need it be said";
  EXPECT_EQ(registry.send("POST", uploads + "?digest=" + digest, "wrong").error(), "DIGEST_INVALID");
}

TEST_F(Blobs, AnAlgorithmThatIsNotKnownIsRefused) {
  for (const char* query : {"?digest-algorithm=sha384", "?digest-algorithm=md5",
                            "?digest-algorithm=", "?digest=md5:d41d8cd98f00b204e9800998ecf8427e"}) {
    const auto refused = registry.send("POST", uploads + query, "content");
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_EQ(refused.error(), "DIGEST_INVALID") << query;
  }
}

TEST_F(Blobs, AWrongDigestIsRefusedAndEndsTheUpload) {
  const std::string location = begin();
  const auto put = registry.send("PUT", closing(location, "other"), "content");
  EXPECT_EQ(put.status, 400);
  EXPECT_EQ(put.error(), "DIGEST_INVALID");
  EXPECT_EQ(registry.get(blob_path("content")).status, 404);
  EXPECT_EQ(registry.get(blob_path("other")).status, 404);
  EXPECT_EQ(registry.get(location).status, 404);
}

TEST_F(Blobs, AMissingOrMalformedDigestDoesNotEndIt) {
  const std::string location = begin();
  EXPECT_EQ(registry.send("PUT", location, "content").error(), "DIGEST_INVALID");
  EXPECT_EQ(registry.send("PUT", location + "?digest=sha256:x", "content").error(), "DIGEST_INVALID");
  EXPECT_EQ(registry.get(location).status, 204);
}

TEST_F(Blobs, ACancelledUploadIsOver) {
  const std::string location = begin();
  registry.send("PATCH", location, "content");
  EXPECT_EQ(registry.send("DELETE", location).status, 204);
  for (const char* method : {"GET", "PATCH", "DELETE"})
    EXPECT_EQ(registry.send(method, location).error(), "BLOB_UPLOAD_UNKNOWN") << method;
  EXPECT_EQ(registry.send("PUT", closing(location, "content")).status, 404);
}

TEST_F(Blobs, AFinishedUploadIsOver) {
  const std::string location = begin();
  ASSERT_EQ(registry.send("PUT", closing(location, "content"), "content").status, 201);
  EXPECT_EQ(registry.send("PUT", closing(location, "content"), "content").status, 404);
}

TEST_F(Blobs, AnIdleUploadIsForgotten) {
  const std::string kept = begin(), idle = begin();
  registry.fake.clock.advance(sigstore::limits::upload_idle / 2);
  EXPECT_EQ(registry.send("PATCH", kept, "content").status, 202);
  registry.fake.clock.advance(sigstore::limits::upload_idle / 2);
  EXPECT_EQ(registry.get(idle).error(), "BLOB_UPLOAD_UNKNOWN");
  EXPECT_EQ(registry.send("PUT", closing(kept, "content")).status, 201);
}

TEST(BlobsInAFolder, AnIdleUploadTakesNoRoomOnceItIsSwept) {
  Driver registry({}, "kept");
  const std::string location = registry.send("POST", "/v2/app/blobs/uploads/").header("Location");
  ASSERT_EQ(registry.send("PATCH", location, "half of it").status, 202);
  const auto being_written = [&] {
    return std::ranges::count_if(registry.fake.files.paths(),
                                 [](const std::string& path) { return path.starts_with("kept/uploads/"); });
  };
  registry.fake.clock.advance(sigstore::limits::upload_idle / 2);
  registry.sweep();
  EXPECT_EQ(registry.get(location).status, 204) << "not yet";
  registry.fake.clock.advance(sigstore::limits::upload_idle);
  registry.sweep();
  EXPECT_EQ(being_written(), 0);
  EXPECT_EQ(registry.get(location).status, 404);
}

TEST_F(Blobs, TooManyUploadsAreRefusedUntilSomeEnd) {
  std::string last;
  for (std::size_t i = 0; i < sigstore::limits::uploads; ++i) last = begin();
  const auto refused = registry.send("POST", uploads);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.error(), "TOOMANYREQUESTS");
  EXPECT_NE(refused.header("Retry-After"), "");
  registry.send("DELETE", last);
  begin();
  registry.fake.clock.advance(sigstore::limits::upload_idle);
  begin();
}

TEST_F(Blobs, AnUploadBelongsToItsRepository) {
  std::string location = begin();
  location.replace(location.find("app"), 3, "other");
  EXPECT_EQ(registry.send("PATCH", location, "content").error(), "BLOB_UPLOAD_UNKNOWN");
}

TEST_F(Blobs, ABodyThatBreaksOffCanBeContinued) {
  const std::string location = begin();
  EXPECT_EQ(registry.send("PATCH", location, Body("one ", sigstore::Code::unreachable)).status, 400);
  EXPECT_EQ(registry.get(location).header("Range"), "0-3");
  EXPECT_EQ(registry.send("PATCH", location, "two", {{"Content-Range", "4-6"}}).status, 202);
  EXPECT_EQ(registry.send("PUT", closing(location, "one two")).status, 201);
}

// What the store has of it then, nobody knows; it must not go on from there.
TEST(BlobsInAFolder, AnUploadEndsWhenItCannotBeWritten) {
  for (const auto code : {sigstore::Code::disk_full, sigstore::Code::io, sigstore::Code::forbidden}) {
    Driver registry({}, "kept");
    registry.push_blob("app", "one two");
    const std::string location = registry.send("POST", "/v2/app/blobs/uploads/").header("Location");
    ASSERT_EQ(registry.send("PATCH", location, "one ").status, 202);
    registry.fake.files.fail_at(1, code);
    EXPECT_GE(registry.send("PATCH", location, "two").status, 500);
    EXPECT_EQ(registry.get(location).error(), "BLOB_UPLOAD_UNKNOWN");
    EXPECT_EQ(registry.send("PUT", closing(location, "one two"), "two").status, 404);
    EXPECT_EQ(registry.get(blob_path("one two")).body, "one two") << "what was there stays";
    EXPECT_TRUE(registry.fake.files.list("kept/uploads")->empty());
  }
}

// A body whose end is waited for.
class Slow final : public sigstore::FileReader {
 public:
  explicit Slow(std::future<void> end) : end_(std::move(end)) {}
  sigstore::Result<std::size_t> read(std::span<std::uint8_t>) override {
    reads.count_down();
    end_.wait();
    return 0;
  }
  std::latch reads{1};

 private:
  std::future<void> end_;
};

TEST(Uploads, WhoFindsOneTakenIsToldToComeAgain) {
  Driver registry{{.upload_wait = std::chrono::milliseconds(1)}};
  const std::string location = registry.send("POST", uploads).header("Location");
  std::promise<void> end;
  Slow slow(end.get_future());
  std::jthread writer([&] { EXPECT_EQ(registry.send("PATCH", location, slow).status, 202); });
  slow.reads.wait();
  const auto refused = registry.get(location);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  end.set_value();
  writer.join();
  EXPECT_EQ(registry.get(location).status, 204);
}

TEST_F(Blobs, TwoRequestsToOneUploadComeOneAfterTheOther) {
  const std::string location = begin();
  std::atomic<int> created = 0, gone = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        const int status = registry.send("PUT", closing(location, "content"), "content").status;
        created += status == 201 ? 1 : 0;
        gone += status == 404 ? 1 : 0;
      });
  }
  EXPECT_EQ(created, 1);
  EXPECT_EQ(gone, 7);
}

TEST_F(Blobs, AreMountedFromAnotherRepository) {
  registry.push_blob("other", "content");
  const std::string digest = Digest::sha256("content").text();
  const auto mounted = registry.send("POST", uploads + "?mount=" + digest + "&from=other");
  EXPECT_EQ(mounted.status, 201);
  EXPECT_EQ(mounted.header("Location"), blob_path("content"));
  EXPECT_EQ(registry.get(blob_path("content")).body, "content");
}

TEST_F(Blobs, AreMountedFromWhereverTheyAre) {
  registry.push_blob("other", "content");
  const auto mounted = registry.send("POST", uploads + "?mount=" + Digest::sha256("content").text());
  EXPECT_EQ(mounted.status, 201);
  EXPECT_EQ(mounted.header("Docker-Content-Digest"), Digest::sha256("content").text());
  EXPECT_EQ(registry.get(blob_path("content")).body, "content");
}

TEST_F(Blobs, ATokenMountsNothingFromWhatItDoesNotName) {
  registry.push_blob("other", "content");
  registry.role = [inner = registry.role](const host::Request& request) {
    host::Request scoped = request;
    scoped.scoped = true;
    return inner(scoped);
  };
  const std::string mount = uploads + "?mount=" + Digest::sha256("content").text();
  EXPECT_EQ(registry.send("POST", mount).status, 202);
  EXPECT_EQ(registry.get(blob_path("content")).status, 404);
  EXPECT_EQ(registry.send("POST", mount + "&from=other").status, 201) << "the guard has looked at from";
}

TEST_F(Blobs, WhatCannotBeMountedIsUploaded) {
  registry.push_blob("other", "content");
  const std::string digest = Digest::sha256("content").text();
  for (const auto& query :
       {"?mount=" + digest + "&from=none", "?mount=" + Digest::sha256("x").text(),
        "?mount=" + Digest::sha256("x").text() + "&from=other", std::string("?mount=x&from=other")})
    EXPECT_EQ(registry.send("POST", uploads + query).status, 202) << query;
  EXPECT_EQ(registry.get(blob_path("content")).status, 404);
}

TEST_F(Blobs, AreSeenInTheirRepositoryAlone) {
  registry.push_blob("other", "content");
  EXPECT_EQ(registry.get(blob_path("content")).error(), "BLOB_UNKNOWN");
}

TEST_F(Blobs, HeadDeclaresTheSize) {
  registry.push_blob("app", "content");
  const auto head = registry.send("HEAD", blob_path("content"));
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "7");
  EXPECT_EQ(head.header("Docker-Content-Digest"), Digest::sha256("content").text());
}

TEST_F(Blobs, APartIsGivenWhenItIsAskedFor) {
  registry.push_blob("app", "0123456789");
  const auto range = [&](const std::string& wanted) {
    return registry.get(blob_path("0123456789"), {{"Range", wanted}});
  };
  EXPECT_EQ(range("bytes=3-5").status, 206);
  EXPECT_EQ(range("bytes=3-5").body, "345");
  EXPECT_EQ(range("bytes=3-5").header("Content-Range"), "bytes 3-5/10");
  EXPECT_EQ(range("bytes=7-").body, "789");
  EXPECT_EQ(range("bytes=7-99").header("Content-Range"), "bytes 7-9/10");
  EXPECT_EQ(range("bytes=10-").status, 416);
  EXPECT_EQ(range("bytes=10-").header("Content-Range"), "bytes */10");
  EXPECT_EQ(range("bytes=-3").body, "789");
  EXPECT_EQ(range("bytes=-3").header("Content-Range"), "bytes 7-9/10");
  EXPECT_EQ(range("bytes=5-3").status, 416);
  EXPECT_EQ(range("bytes=1-2,4-5").body, "0123456789");
  EXPECT_EQ(range("bytes=1-2,4-5").status, 200);
  const auto head = registry.send("HEAD", blob_path("0123456789"), "", {{"Range", "bytes=3-5"}});
  EXPECT_EQ(head.status, 200) << "a range means nothing to HEAD";
  EXPECT_EQ(head.header("Content-Length"), "10");
  registry.push_blob("app", "");
  EXPECT_EQ(registry.get(blob_path(""), {{"Range", "bytes=0-"}}).status, 200);
}

TEST_F(Blobs, WhoHasItAlreadyIsToldSo) {
  registry.push_blob("app", "content");
  const std::string etag = registry.get(blob_path("content")).header("ETag");
  EXPECT_EQ(etag, "\"" + Digest::sha256("content").text() + "\"");
  for (const char* method : {"GET", "HEAD"}) {
    const auto told = registry.send(method, blob_path("content"), "", {{"If-None-Match", etag}});
    EXPECT_EQ(told.status, 304);
    EXPECT_EQ(told.body, "");
    EXPECT_EQ(told.header("ETag"), etag);
  }
  EXPECT_EQ(registry.get(blob_path("content"), {{"If-None-Match", "\"x\""}}).body, "content");
  EXPECT_EQ(registry.get(blob_path("content"), {{"If-Match", "\"x\""}}).status, 412);
  EXPECT_EQ(registry.get(blob_path("content"), {{"If-Match", etag}}).status, 200);
}

TEST_F(Blobs, AreDeletedOnlyWhenTheConditionHolds) {
  registry.push_blob("app", "content");
  EXPECT_EQ(registry.send("DELETE", blob_path("content"), "", {{"If-Match", "\"x\""}}).status, 412);
  EXPECT_EQ(registry.get(blob_path("content")).status, 200);
  EXPECT_EQ(registry.send("DELETE", blob_path("content"), "", {{"If-Match", "*"}}).status, 202);
}

TEST_F(Blobs, AreDeleted) {
  registry.push_blob("app", "content");
  EXPECT_EQ(registry.send("DELETE", blob_path("content")).status, 202);
  EXPECT_EQ(registry.get(blob_path("content")).status, 404);
  EXPECT_EQ(registry.send("DELETE", blob_path("content")).status, 404);
}

TEST_F(Blobs, WhenThereIsNoRoomItSaysSo) {
  registry.memory_bytes = 10;
  registry.start();
  const auto put = registry.send("PUT", closing(begin(), "more than ten"), "more than ten");
  EXPECT_EQ(put.status, 507);
  EXPECT_EQ(put.error(), "STORAGE_FULL");
  EXPECT_EQ(registry.send("POST", closing(uploads, "ten"), "ten").status, 201) << "and what fits still does";
}

TEST_F(Blobs, OtherMethodsAreRefused) {
  EXPECT_EQ(registry.get(uploads).status, 405);
  EXPECT_EQ(registry.get(uploads).header("Allow"), "POST");
  EXPECT_EQ(registry.send("POST", begin()).status, 405);
  EXPECT_EQ(registry.send("POST", begin()).header("Allow"), "GET, HEAD, PATCH, PUT, DELETE");
  EXPECT_EQ(registry.send("PUT", blob_path("x")).status, 405);
  EXPECT_EQ(registry.send("PUT", blob_path("x")).header("Allow"), "GET, HEAD, DELETE");
}

}  // namespace
}  // namespace server::registry
