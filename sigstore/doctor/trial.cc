#include "sigstore/doctor/trial.h"

#include <algorithm>
#include <chrono>

#include "sigstore/store/tag_access.h"
#include "sigstore/store/tag_reader.h"

namespace sigstore::doctor {
namespace {

using namespace std::chrono_literals;

constexpr Duration first_pause = 100ms;
constexpr int looks = 4;  // until what was done must be seen

bool is_hidden(Code code) {
  return code == Code::unauthorized || code == Code::forbidden;
}

}  // namespace

Finding finding_of(const Error& error) {
  const bool nobody_knows =
      store::may_pass(error.code) || error.code == Code::cancelled || store::says_blob_unknown(error);
  return nobody_knows ? Finding::failed : Finding::refused;
}

bool Trial::pause(int times) {
  const auto slept = clock_.sleep(first_pause * (1 << std::min(times, 4)));
  interrupted_ = interrupted_ || !slept;
  return !interrupted_;
}

Result<void> Trial::push_blob(std::string_view content) {
  const oci::Digest digest = oci::Digest::sha256(content);
  auto pushed = again([&] { return registry_.push_blob(repository_, digest, content); });
  if (pushed || finding_of(pushed.error()) == Finding::failed) blobs_.insert(digest);
  return pushed;
}

Result<void> Trial::push_shared_blob(std::string_view content) {
  return again([&] { return registry_.push_blob(repository_, oci::Digest::sha256(content), content); });
}

Result<remote::PutResult> Trial::push(const std::string& tag_or_digest, const Piece& piece,
                                      const remote::Precondition& condition) {
  auto pushed = again([&] {
    return registry_.push_manifest(repository_, tag_or_digest, piece.media_type, piece.content, condition);
  });
  if (!pushed && finding_of(pushed.error()) != Finding::failed) return pushed;
  const oci::Digest digest = piece.digest();
  if (std::ranges::find(manifests_, digest) == manifests_.end()) manifests_.push_back(digest);
  if (tag_or_digest != digest.text()) tags_.insert(tag_or_digest);
  return pushed;
}

Result<remote::ManifestContent> Trial::read(const std::string& tag_or_digest) {
  return again([&] { return registry_.manifest(repository_, tag_or_digest); });
}

Result<bool> Trial::shows(const std::string& tag, const Piece& piece) {
  for (int look = 1;; ++look) {
    TRY(const auto content, read(tag));
    if (content.bytes == piece.content) return true;
    if (look == looks || !pause(look)) return false;
  }
}

Result<bool> Trial::gone(const std::string& tag_or_digest) {
  for (int look = 1;; ++look) {
    const auto content = read(tag_or_digest);
    if (!content && (content.error().code == Code::not_found || is_hidden(content.error().code))) return true;
    if (!content) return fail(content.error());
    if (look == looks || !pause(look)) return false;
  }
}

Result<bool> Trial::blob_gone(const oci::Descriptor& blob) {
  for (int look = 1;; ++look) {
    const auto content = again([&] { return registry_.blob(repository_, blob, blob.size); });
    if (!content && (content.error().code == Code::not_found || is_hidden(content.error().code))) return true;
    if (!content) return fail(content.error());
    if (look == looks || !pause(look)) return false;
  }
}

std::vector<std::string> Trial::all_that_may_be_there() const {
  std::vector<std::string> all;
  for (const std::string& tag : tags_) all.push_back(repository_.text() + ":" + tag);
  for (const oci::Digest& digest : manifests_) all.push_back(oci::digest_reference(repository_, digest));
  return all;
}

// The newest first: an index before what it lists. What a tag still names is told by that tag alone.
std::vector<std::string> Trial::delete_manifests() {
  std::vector<std::string> left;
  std::ranges::reverse(manifests_);
  for (const oci::Digest& digest : manifests_)
    (void)again([&] { return registry_.delete_manifest(repository_, digest.text()); });
  std::set<std::string> tagged;
  for (const std::string& tag : tags_) {
    const auto content = read(tag);
    if (!content || again([&] { return registry_.delete_manifest(repository_, tag); })) continue;
    left.push_back(repository_.text() + ":" + tag);
    tagged.insert(content->descriptor.digest.text());
  }
  for (const oci::Digest& digest : manifests_)
    if (!tagged.contains(digest.text()) && read(digest.text()))
      left.push_back(oci::digest_reference(repository_, digest));
  return left;
}

// How many stay.
std::size_t Trial::delete_blobs() {
  std::size_t stay = 0;
  for (const oci::Digest& digest : blobs_) {
    const auto removed = again([&] { return registry_.delete_blob(repository_, digest); });
    if (!removed && removed.error().code != Code::not_found) ++stay;
  }
  return stay;
}

std::vector<std::string> Trial::clean_up() {
  if (interrupted_) return all_that_may_be_there();
  auto left = delete_manifests();
  if (const std::size_t blobs = delete_blobs(); blobs != 0)
    left.push_back(std::to_string(blobs) + (blobs == 1 ? " blob of " : " blobs of ") + repository_.text());
  return interrupted_ ? all_that_may_be_there() : left;
}

}  // namespace sigstore::doctor
