#include "sigstore/remote/registry/download.h"

#include <algorithm>

#include "sigstore/content/check.h"
#include "sigstore/remote/registry/blobs.h"

namespace sigstore::remote {
namespace {

constexpr int most_resumptions = 20;  // of one blob

class Download {
 public:
  Download(Client& client, const oci::Repository& repository, const oci::Descriptor& wanted,
           const ByteSink& sink)
      : client_(client), wanted_(wanted), sink_(sink), hasher_(content::algorithm_of(wanted.digest)) {
    call_ = blob_call("GET", repository, wanted.digest);
    call_.max_body = std::max<std::uint64_t>(wanted.size, 1);
  }

  Result<void> run();

 private:
  Result<void> ask();
  Result<void> begin(const net::Response& head);
  Result<void> take(BytesView piece);
  Result<void> finish();
  [[nodiscard]] bool broke_off(const Error& error, std::uint64_t before) const;

  Client& client_;
  const oci::Descriptor& wanted_;
  const ByteSink& sink_;
  crypto::Hasher hasher_;
  Call call_;
  std::uint64_t taken_ = 0;   // delivered, or about to be
  std::uint64_t before_ = 0;  // of this answer, still to come, that was delivered already
  bool refused_ = false;      // by us or the sink: asking again is no help
};

// The first pieces of an answer that is not for the rest alone came before.
Result<void> Download::begin(const net::Response& head) {
  before_ = 0;
  if (taken_ == 0) return {};
  if (head.status == 200) {
    before_ = taken_;
    return {};
  }
  const std::string range = head.headers.get("Content-Range").value_or("none");
  if (head.status == 206 && range.starts_with("bytes " + std::to_string(taken_) + "-")) return {};
  refused_ = true;
  return not_what_was_asked(call_.subject, "the rest from byte " + std::to_string(taken_), range);
}

Result<void> Download::take(BytesView piece) {
  const auto known = std::min<std::uint64_t>(before_, piece.size());
  before_ -= known;
  piece = piece.subspan(known);
  if (piece.empty()) return {};
  refused_ = true;  // unless it goes well
  if (piece.size() > wanted_.size - taken_)
    return not_what_was_asked(call_.subject, bytes_text(wanted_.size), "more");
  taken_ += piece.size();
  hasher_.update(piece);
  if (taken_ == wanted_.size) TRY_OK(finish());
  TRY_OK(sink_(piece));
  refused_ = false;
  return {};
}

Result<void> Download::finish() {
  auto right = content::expect_digest(hasher_, wanted_.digest);
  if (right) return {};
  return fail(
      right.error().wrap("the registry's answer for " + call_.subject + " is not what was asked for"));
}

Result<void> Download::ask() {
  if (taken_ > 0) call_.headers.set("Range", "bytes=" + std::to_string(taken_) + "-");
  const ByteSink take = [this](BytesView piece) { return this->take(piece); };
  call_.sink = &take;
  call_.on_head = [this](const net::Response& head) { return begin(head); };
  const auto reply = client_.send(call_);
  if (taken_ == wanted_.size && taken_ > 0 && !refused_) return {};  // however the connection ended
  if (!reply && reply.error().code == Code::too_large && !refused_)
    return not_what_was_asked(call_.subject, bytes_text(wanted_.size), "more");
  if (!reply) return fail(reply.error());
  if (reply->response.status != 200 && reply->response.status != 206)
    return fail(Client::failure(call_, *reply));
  if (taken_ < wanted_.size)
    return not_what_was_asked(call_.subject, bytes_text(wanted_.size), bytes_text(taken_));
  return wanted_.size == 0 ? finish() : Result<void>();
}

// Where no byte came, the transport has asked again already.
bool Download::broke_off(const Error& error, std::uint64_t before) const {
  return !refused_ && taken_ > before && (error.code == Code::unavailable || error.code == Code::timeout);
}

Result<void> Download::run() {
  for (int resumed = 0;; ++resumed) {
    const std::uint64_t before = taken_;
    auto done = ask();
    if (done || resumed == most_resumptions || !broke_off(done.error(), before)) return done;
    TRY_OK(client_.context().env.clock->sleep(client_.context().options.retry.first_pause));
  }
}

}  // namespace

Result<void> download_blob(Client& client, const oci::Repository& repository,
                           const oci::Descriptor& descriptor, const ByteSink& sink) {
  if (descriptor.digest.text().empty())
    return fail(Code::invalid_argument, "a blob without a digest was asked for");
  return Download(client, repository, descriptor, sink).run();
}

}  // namespace sigstore::remote
