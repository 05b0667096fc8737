// What the bodies of all kinds are made of: members, digests, keys.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/codec/json.h"
#include "sigstore/tlog/body.h"

namespace sigstore::tlog::internal {

// An object of a body, and where it stands: "spec.data".
struct Fields {
  const codec::json::Object* object = nullptr;
  std::string place;

  [[nodiscard]] std::string at(std::string_view key) const;
  // Each is Code::malformed with the place when it is missing, or of another type.
  [[nodiscard]] Result<Fields> child(std::string_view key) const;
  [[nodiscard]] Result<std::string> text(std::string_view key) const;  // not empty
  [[nodiscard]] Result<Bytes> base64(std::string_view key) const;      // not empty
  [[nodiscard]] Result<std::vector<Fields>> list(
      std::string_view key) const;                     // of objects; bounded, not empty
  [[nodiscard]] bool has(std::string_view key) const;  // and not null
  // Code::malformed for a member that is none of these.
  [[nodiscard]] Result<void> only(std::initializer_list<std::string_view> keys) const;
};

std::unexpected<Error> malformed(std::string cause);

// {"algorithm":"sha256","value":HEX}, below `key`.
Result<LoggedDigest> read_hash(const Fields& fields, std::string_view key);
// Into certificate or key: PEM, of which there is one block.
Result<void> read_pem(std::string_view pem, const std::string& place, LoggedSignature& out);

// The kinds, each of its "spec".
Result<Body> read_hashedrekord_v001(const Fields& spec);
Result<Body> read_rekord_v001(const Fields& spec);
Result<Body> read_dsse_v001(const Fields& spec);
Result<Body> read_intoto_v001(const Fields& spec);
Result<Body> read_intoto_v002(const Fields& spec);
Result<Body> read_hashedrekord_v002(const Fields& spec);
Result<Body> read_dsse_v002(const Fields& spec);

}  // namespace sigstore::tlog::internal
