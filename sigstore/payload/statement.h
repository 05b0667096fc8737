// in-toto statements (in-toto attestation v0.1 and v1) and DSSE envelopes (secure-systems-lab/dsse v1).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/oci/manifest.h"

namespace sigstore::payload {

inline constexpr std::string_view in_toto_payload_type = "application/vnd.in-toto+json";
inline constexpr std::string_view cosign_sign_predicate = "https://sigstore.dev/cosign/sign/v1";
inline constexpr std::string_view statement_v01 = "https://in-toto.io/Statement/v0.1";
inline constexpr std::string_view statement_v1 = "https://in-toto.io/Statement/v1";

struct Subject {
  std::string name;
  std::map<std::string, std::string> digests;  // algorithm -> hex
  oci::Annotations annotations;  // members that are no strings are left out: no claim matches them
  friend bool operator==(const Subject&, const Subject&) = default;
};

struct Statement {
  std::string type;  // _type
  std::vector<Subject> subjects;
  std::string predicate_type;
  // Where it stands in the text, which is checked whole and kept by the caller; nullopt when absent (cosign
  // 2.6.5 leaves it out).
  std::optional<codec::json::Span> predicate;

  // Bounds: limits::attachment_bytes, limits::statement_subjects, limits::digests_per_subject.
  // Code::malformed for null subjects, non-string digests, no predicateType, another _type. Unknown members
  // are ignored.
  static Result<Statement> parse(std::string_view json);
  // The first subject that carries this digest, or nullptr.
  [[nodiscard]] const Subject* subject_for(const oci::Digest& digest) const;
};

// The statement that `sign` makes, as cosign 3.1.2: no subject name, `"annotations":{}` when there are none,
// protojson's escapes (`<`, `>` and `&` stay).
std::string write_sign_statement(const oci::Digest& digest, const oci::Annotations& annotations);

struct Envelope {
  struct Signature {
    Bytes sig;
    std::string keyid;  // unauthenticated; not used for anything
    friend bool operator==(const Signature&, const Signature&) = default;
  };
  std::string payload_type;
  std::string payload;  // decoded
  std::vector<Signature> signatures;

  // The JSON form of DSSE; base64 in either alphabet. Needs a payload type and 1 to
  // limits::envelope_signatures signatures, none of them empty; unknown members are ignored. The payload is
  // decoded in the memory of `json`: a large one is there once.
  static Result<Envelope> parse(std::string json);
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// DSSE protocol.md, "DSSEv1 <len> <type> <len> <payload>": what stands before the payload, and all of it.
std::string pre_authentication_head(std::string_view payload_type, std::size_t payload_size);
std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload);

// An envelope with one signature as cosign 3.1 writes it, given out in pieces: however large the payload is,
// no more than a piece of its base64 is in memory. The first error of `sink` ends it.
Result<void> write_envelope(std::string_view payload_type, std::string_view payload, BytesView signature,
                            const std::function<Result<void>(std::string_view)>& sink);
std::string write_envelope(std::string_view payload_type, std::string_view payload, BytesView signature);

// A member of a JSON text that holds base64, decoded in the memory of that text: `text` is then what it
// stands for. Code::malformed when it is no string or not base64; `where` names it.
Result<void> decode_member(std::string& text, const codec::json::Span& member, std::string_view where);

}  // namespace sigstore::payload
