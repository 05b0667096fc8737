// timestamp.json (4.6) and snapshot.json (4.4): which metadata there is.
#include <algorithm>

#include "sigstore/codec/printable.h"
#include "sigstore/tuf/internal/reading.h"

namespace sigstore::tuf {
namespace internal {
namespace {

// Hashes become parts of file names: nothing else may stand in them.
Result<std::string> read_hash(const json::Value& value, std::string_view what) {
  const auto* text = value.string();
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  constexpr std::size_t longest = 256;
  const bool good = text != nullptr && !text->empty() && text->size() <= longest && text->size() % 2 == 0 &&
                    text->find_first_not_of(digits) == std::string::npos;
  if (!good) return fail(Code::malformed, std::string(what) + " has what is not a hash in hexadecimal");
  std::string hash = *text;
  for (char& c : hash) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return hash;
}

}  // namespace

Result<Hashes> read_hashes(const json::Object& object, std::string_view what) {
  constexpr std::size_t most = 32;
  TRY_OK(check_count(object.size(), most, what));
  Hashes hashes;
  for (const auto& [algorithm, value] : object.members()) {
    TRY(auto hash, read_hash(value, what));
    hashes.emplace(algorithm, std::move(hash));
  }
  return hashes;
}

Result<MetaFile> read_meta_file(const json::Value& value, std::string_view what) {
  TRY(const auto* object, json::need_object(value, what));
  MetaFile file;
  TRY(file.version, need_positive(*object, "version", what));
  if (object->find("length") != nullptr) {
    TRY(file.length, json::need_uint64(*object, "length", what));
  }
  if (object->find("hashes") != nullptr) {
    TRY(const auto* hashes, need_object(*object, "hashes", what));
    TRY(file.hashes, read_hashes(*hashes, std::string(what) + ": hashes"));
  }
  return file;
}

namespace {

Result<Timestamp> read_timestamp(const json::Object& body, std::string_view what) {
  Timestamp timestamp;
  TRY(static_cast<Common&>(timestamp), read_common(body, what));
  TRY(const auto* meta, need_object(body, "meta", what));
  TRY(const auto* snapshot, need_object(*meta, "snapshot.json", std::string(what) + ": meta"));
  TRY(timestamp.snapshot, read_meta_file(*snapshot, std::string(what) + ": meta: snapshot.json"));
  return timestamp;
}

Result<Snapshot> read_snapshot(const json::Object& body, std::string_view what) {
  Snapshot snapshot;
  TRY(static_cast<Common&>(snapshot), read_common(body, what));
  TRY(const auto* meta, need_object(body, "meta", what));
  const std::string place = std::string(what) + ": meta";
  TRY_OK(check_count(meta->size(), limits::tuf_files, place));
  for (const auto& [name, value] : meta->members()) {
    TRY(auto file, read_meta_file(value, place + ": " + codec::printable(name).substr(0, 256)));
    snapshot.meta.emplace(name, std::move(file));
  }
  return snapshot;
}

}  // namespace
}  // namespace internal

Result<Signed<Timestamp>> parse_timestamp(std::string_view text, std::string_view what) {
  return internal::read_signed<Timestamp>(text, "timestamp", what, internal::read_timestamp);
}

Result<Signed<Snapshot>> parse_snapshot(std::string_view text, std::string_view what) {
  return internal::read_signed<Snapshot>(text, "snapshot", what, internal::read_snapshot);
}

}  // namespace sigstore::tuf
