#include "sigstore/tlog/body.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/canonical_json.h"
#include "sigstore/codec/printable.h"
#include "sigstore/tlog/internal/body_fields.h"

namespace sigstore::tlog {
namespace {

struct Kind {
  std::string_view kind, version;
  Result<Body> (*read)(const internal::Fields& spec);
  bool canonical = false;  // of Rekor v2, whose clients make the very text themselves
};

constexpr Kind kinds[] = {
    {"hashedrekord", "0.0.1", internal::read_hashedrekord_v001},
    {"hashedrekord", "0.0.2", internal::read_hashedrekord_v002, true},
    {"dsse", "0.0.1", internal::read_dsse_v001},
    {"dsse", "0.0.2", internal::read_dsse_v002, true},
    {"intoto", "0.0.1", internal::read_intoto_v001},
    {"intoto", "0.0.2", internal::read_intoto_v002},
    {"rekord", "0.0.1", internal::read_rekord_v001},
};

constexpr std::size_t values = 1024;  // of a body; one with limits::entry_signatures has some 200

bool is_canonical(const codec::json::Value& document, std::string_view text) {
  const auto canonical = codec::json::write_canonical(document);
  return canonical && *canonical == text;
}

}  // namespace

Result<Body> read_body(std::string_view canonicalized_body) {
  if (canonicalized_body.size() > limits::entry_bytes) {
    return fail(Code::too_large,
                "the body of the log entry has more than " + std::to_string(limits::entry_bytes) + " bytes");
  }
  const auto document = codec::json::parse(canonicalized_body, "the body of the log entry",
                                           {.max_bytes = limits::entry_bytes, .max_values = values});
  if (!document) return fail(document.error());
  if (document->object() == nullptr) return internal::malformed("it is no object");
  const internal::Fields fields{document->object(), ""};
  TRY(const auto kind, fields.text("kind"));
  TRY(const auto version, fields.text("apiVersion"));
  for (const auto& known : kinds) {
    if (kind != known.kind || version != known.version) continue;
    TRY(const auto spec, fields.child("spec"));
    if (known.canonical) {
      TRY_OK(fields.only({"apiVersion", "kind", "spec"}));
      if (!is_canonical(*document, canonicalized_body))
        return internal::malformed("it is not canonical JSON");
    }
    TRY(auto body, known.read(spec));
    body.kind = kind;
    body.version = version;
    return body;
  }
  return fail(Code::unsupported, "log entries of kind " + codec::printable(kind) + " " +
                                     codec::printable(version) + " are not known");
}

Result<Body> read_body(const Entry& entry) {
  TRY(auto body, read_body(entry.body));
  const bool claims = !entry.kind.empty() || !entry.version.empty();
  if (claims && (entry.kind != body.kind || entry.version != body.version)) {
    return fail(Code::mismatch, "the log entry is not of the kind that it claims to be",
                "its body is " + body.kind + " " + body.version + " and not " + codec::printable(entry.kind) +
                    " " + codec::printable(entry.version));
  }
  return body;
}

}  // namespace sigstore::tlog
