// What the readers of all roles share. Private to this room.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/codec/json.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::tuf::internal {

namespace json = codec::json;

// A document around its "signed" part. `document` owns what the others see.
struct Envelope {
  json::Value document;
  std::string signed_bytes;
  std::vector<Signature> signatures;
  [[nodiscard]] const json::Object& body() const;
};

// Code::malformed also when "_type" is another.
Result<Envelope> read_envelope(std::string_view text, std::string_view type, std::string_view what);
Result<Common> read_common(const json::Object& body, std::string_view what);

// --- members. Each error says `what` and the member's name. null is of no type.
Result<const json::Object*> need_object(const json::Object& object, std::string_view key,
                                        std::string_view what);
Result<const json::Array*> need_array(const json::Object& object, std::string_view key,
                                      std::string_view what);
Result<bool> need_boolean(const json::Object& object, std::string_view key, std::string_view what);
Result<std::uint64_t> need_positive(const json::Object& object, std::string_view key, std::string_view what);
Result<std::vector<std::string>> read_strings(const json::Array& array, std::string_view what);
Result<void> check_count(std::size_t count, std::size_t most, std::string_view what);

Result<Keys> read_keys(const json::Object& holder, std::string_view what);  // its member "keys"
Result<Role> read_role(const json::Object& role, std::string_view what);
Result<Hashes> read_hashes(const json::Object& hashes, std::string_view what);
Result<MetaFile> read_meta_file(const json::Value& file, std::string_view what);
Result<Delegations> read_delegations(const json::Object& delegations, std::string_view what);

// The document of one role, whose body `read` reads.
template <class Body>
Result<Signed<Body>> read_signed(std::string_view text, std::string_view type, std::string_view what,
                                 Result<Body> (*read)(const json::Object&, std::string_view)) {
  TRY(auto envelope, read_envelope(text, type, what));
  TRY(auto body, read(envelope.body(), what));
  return Signed<Body>{std::move(body), std::move(envelope.signed_bytes), std::move(envelope.signatures)};
}

}  // namespace sigstore::tuf::internal
