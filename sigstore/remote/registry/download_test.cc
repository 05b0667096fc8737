#include "sigstore/remote/registry/download.h"

#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;

const std::string content = "the content that comes in pieces";
const oci::Digest digest = oci::Digest::sha256(content);

// A transport whose answers break off after so many bytes each, as it is told; it knows ranges or does not.
class Breaking final : public net::Transport {
 public:
  std::vector<std::size_t> breaks;  // of one answer after the other; then none
  bool ranges = true;
  std::string range_said;  // instead of the right one
  std::vector<std::string> asked;

  Result<net::Response> send(const net::Request& request, const net::BodySink* sink) override {
    if (sink == nullptr) return answer(200);
    const std::string range = request.headers.get("Range").value_or("");
    asked.push_back(range);
    std::size_t from = 0;
    net::Response response = answer(200);
    if (ranges && !range.empty()) {
      from = std::stoul(range.substr(6));
      response.status = 206;
      const std::string right = "bytes " + std::to_string(from) + "-31/32";
      response.headers.set("Content-Range", range_said.empty() ? right : range_said);
    }
    std::string_view body = std::string_view(content).substr(from);
    const bool breaking = asked.size() <= breaks.size();
    if (breaking) body = body.substr(0, breaks[asked.size() - 1]);
    if (!body.empty() && request.on_head) TRY_OK(request.on_head(response));
    for (; !body.empty(); body.remove_prefix(std::min<std::size_t>(5, body.size())))
      TRY_OK((*sink)(as_bytes(body.substr(0, 5))));
    if (breaking) return fail(Code::unavailable, "the connection broke");
    return response;
  }
};

struct DownloadTest : ::testing::Test, testing::HttpFixture {
  Breaking breaking;
  std::string got;
  std::optional<Error> sink_error;

  Result<void> load(net::Transport& transport, std::uint64_t size = content.size()) {
    oci::Descriptor wanted;
    wanted.digest = digest;
    wanted.size = size;
    Context with = context();
    with.transport = &transport;
    Client client(with);
    return download_blob(client, app(), wanted, [this](BytesView piece) -> Result<void> {
      if (sink_error) return fail(*sink_error);
      got += as_text(piece);
      return {};
    });
  }
  // What a registry answers that sends this, whole.
  Error refused(const std::string& body, std::uint64_t size = content.size()) {
    got.clear();
    net::testing::ScriptedTransport here;
    here.on(at("GET"), answer(200));
    here.on(at("GET", "blobs/*"), answer(200, {}, body));
    const auto done = load(here, size);
    EXPECT_FALSE(done) << body;
    return done ? Error() : done.error();
  }
};

TEST_F(DownloadTest, Whole) {
  ASSERT_TRUE(load(breaking));
  EXPECT_EQ(got, content);
  EXPECT_EQ(breaking.asked, std::vector<std::string>{""});
}

TEST_F(DownloadTest, GoesOnWhereItBroke) {
  breaking.breaks = {10, 7, 3};
  ASSERT_TRUE(load(breaking));
  EXPECT_EQ(got, content);
  EXPECT_EQ(breaking.asked, (std::vector<std::string>{"", "bytes=10-", "bytes=17-", "bytes=20-"}));
}

TEST_F(DownloadTest, OneThatBreaksAfterAllOfItCameIsNotAskedAgain) {
  breaking.breaks = {content.size()};
  ASSERT_TRUE(load(breaking));
  EXPECT_EQ(got, content);
  EXPECT_EQ(breaking.asked.size(), 1U);
}

TEST_F(DownloadTest, WithoutRangesWhatCameIsNotDeliveredTwice) {
  breaking.ranges = false;
  breaking.breaks = {10, 20};
  ASSERT_TRUE(load(breaking));
  EXPECT_EQ(got, content);
}

TEST_F(DownloadTest, ARestThatIsNotTheRestIsNotTaken) {
  breaking.breaks = {10};
  breaking.range_said = "bytes 9-31/32";
  const auto done = load(breaking);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::mismatch);
  EXPECT_EQ(done.error().cause, "expected the rest from byte 10, got bytes 9-31/32");
  EXPECT_EQ(got, content.substr(0, 10));
}

TEST_F(DownloadTest, OneThatAlwaysBreaksIsGivenUp) {
  breaking.breaks.assign(100, 1);
  const auto done = load(breaking);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::unavailable);
  EXPECT_EQ(breaking.asked.size(), 21U);
}

TEST_F(DownloadTest, TheErrorOfTheSinkIsNotRepeated) {
  sink_error = Error{Code::unavailable, "the other side broke", {}, {}};
  const auto done = load(breaking);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), *sink_error);
  EXPECT_EQ(breaking.asked.size(), 1U);
}

TEST_F(DownloadTest, TheLastPieceOfALieIsWithheld) {
  std::string lie = content;
  lie.back() = '!';
  const Error error = refused(lie);
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_NE(error.cause.find(oci::Digest::sha256(lie).text()), std::string::npos) << error.text();
  EXPECT_EQ(got, "");
}

TEST_F(DownloadTest, FewerAndMoreBytes) {
  EXPECT_EQ(refused(content.substr(1)).code, Code::mismatch);
  EXPECT_EQ(refused(content + "x").code, Code::mismatch);
  EXPECT_EQ(refused(content, content.size() + 1).code, Code::mismatch);
  EXPECT_EQ(refused("").code, Code::mismatch);
}

TEST_F(DownloadTest, NotThere) {
  net::testing::ScriptedTransport here;
  here.on(at("GET"), answer(200));
  here.on(at("GET", "blobs/*"), answer(404));
  const auto done = load(here);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::not_found);
}

TEST_F(DownloadTest, TheEmptyBlob) {
  net::testing::ScriptedTransport here;
  here.on("GET *", answer(200));
  oci::Descriptor wanted;
  wanted.digest = oci::Digest::sha256("");
  Context with = context();
  with.transport = &here;
  Client client(with);
  EXPECT_TRUE(download_blob(client, app(), wanted, [](BytesView) -> Result<void> { return {}; }));
  wanted.digest = digest;
  EXPECT_FALSE(download_blob(client, app(), wanted, [](BytesView) -> Result<void> { return {}; }));
}

}  // namespace
}  // namespace sigstore::remote
