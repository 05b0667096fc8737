// Files by length and hashes, and by which names they go.
#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/percent.h"
#include "sigstore/codec/printable.h"
#include "sigstore/tuf/internal/trusted_set.h"

namespace sigstore::tuf {
namespace {

Result<void> check_length(std::uint64_t wanted, std::string_view content, std::string_view what) {
  if (content.size() == wanted) return {};
  return fail(Code::mismatch, std::string(what) + " has another length than its metadata says",
              std::to_string(content.size()) + " bytes, and not " + std::to_string(wanted));
}

// All must match (5.5.2, 5.6.2, 5.7.3): one that cannot be looked at is not passed over.
Result<void> check_hashes(const Hashes& hashes, std::string_view content, std::string_view what) {
  for (const auto& [name, wanted] : hashes) {
    const auto algorithm = crypto::hash_algorithm(name);
    if (!algorithm) {
      std::string why = "sha256, sha384 and sha512 are known here, and its metadata has a hash by ";
      why += codec::printable(name).substr(0, 64);
      return fail(Code::unsupported, std::string(what) + " cannot be checked", std::move(why));
    }
    const std::string found = codec::hex::encode(crypto::hash(*algorithm, as_bytes(content)));
    if (found != wanted)
      return fail(Code::mismatch, std::string(what) + " is not what its metadata says",
                  "its " + name + " hash is " + found + ", and not " + wanted);
  }
  return {};
}

}  // namespace

Result<void> check_file(const MetaFile& file, std::string_view text, std::string_view what) {
  if (file.length) TRY_OK(check_length(*file.length, text, what));
  if (file.hashes.empty()) return {};
  return check_hashes(file.hashes, text, what);
}

Result<void> check_target(const TargetFile& target, std::string_view content, std::string_view what) {
  const std::string shown = codec::printable(what);
  TRY_OK(check_length(target.length, content, shown));
  if (target.hashes.empty()) return fail(Code::unsupported, shown + " cannot be checked", "it has no hash");
  return check_hashes(target.hashes, content, shown);
}

// A name of dots alone is none in front of ".json".
std::string metadata_file(std::string_view role) {
  return codec::percent_encode(role) + ".json";
}

std::string target_file(const std::string& path, const TargetFile& target, bool consistent_snapshot) {
  if (!consistent_snapshot || target.hashes.empty()) return path;
  const auto sha256 = target.hashes.find("sha256");
  const auto& hash = sha256 != target.hashes.end() ? sha256->second : target.hashes.begin()->second;
  const auto name = path.rfind('/') + 1;  // 0 without a slash
  return path.substr(0, name) + hash + "." + path.substr(name);
}

}  // namespace sigstore::tuf
