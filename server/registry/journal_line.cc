#include "server/registry/journal_line.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/crypto/hash.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
namespace json = sigstore::codec::json;

namespace {

constexpr int format = 1;
constexpr std::size_t checksum_size = 16;
constexpr std::string_view what = "journal line";

std::string checksum(std::string_view text) {
  return sigstore::codec::hex::encode(sigstore::crypto::sha256(sigstore::as_bytes(text)))
      .substr(0, checksum_size);
}

struct Append {
  json::Object& object;
  void operator()(const JournalHeader& header) const {
    object.append("op", "begin");
    object.append("format", format);
    object.append("id", header.id);
    if (!header.replaces.empty()) object.append("replaces", header.replaces);
  }
  void operator()(const JournalMark&) const { object.append("op", "mark"); }
  void operator()(const Change& change) const { append_change(object, change); }
};

Result<JournalHeader> parse_header(const json::Object& object) {
  TRY(const std::uint64_t version, json::need_uint64(object, "format", what));
  if (version != format) return fail(Code::malformed, "a format that is not known here");
  JournalHeader header;
  TRY(header.id, json::need_string(object, "id", what));
  TRY(header.replaces, json::optional_string(object, "replaces", what));
  return header;
}

}  // namespace

Result<std::string> write_line(const JournalLine& line) {
  json::Object object{{"at", line.group}};
  std::visit(Append{object}, line.content);
  const std::string text = json::write(std::move(object));
  std::string whole = checksum(text) + " " + text;
  if (whole.size() > sigstore::limits::json_bytes)
    return fail(Code::too_large, "this is too large for the journal");
  const auto again = parse_line(whole);
  if (!again || *again != line) return fail(Code::invalid_argument, "this cannot be kept in the journal");
  return whole + "\n";
}

Result<JournalLine> parse_line(std::string_view text) {
  const std::string_view body = text.substr(std::min(text.size(), checksum_size + 1));
  if (text.substr(0, text.size() - body.size()) != checksum(body) + " ")
    return fail(Code::malformed, "a line of the journal does not have its checksum");
  TRY(const json::Value value, json::parse(body, what));
  TRY(const json::Object* object, json::need_object(value, what));
  JournalLine line;
  TRY(line.group, json::need_uint64(*object, "at", what));
  TRY(const std::string op, json::need_string(*object, "op", what));
  if (op == "begin") {
    TRY(line.content, parse_header(*object));
  } else if (op == "mark") {
    line.content = JournalMark{};
  } else {
    TRY(line.content, parse_change(*object));
  }
  return line;
}

}  // namespace server::registry
