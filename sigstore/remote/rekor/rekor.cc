#include "sigstore/remote/rekor/rekor.h"

#include <algorithm>

#include "sigstore/bundle/log_entry.h"
#include "sigstore/codec/hex.h"
#include "sigstore/tlog/merkle.h"

namespace sigstore::remote {
namespace {

namespace json = codec::json;

constexpr std::size_t uuid_digits = 64;
constexpr std::size_t tree_digits = 16;

ServiceOptions options_for(net::Url base) {
  ServiceOptions out;
  out.name = "Rekor at " + base.scheme + "://" + base.authority();
  out.base = std::move(base);
  out.headers = {{"Accept", "application/json"}};
  out.redirects = Redirects::same_origin;
  out.tls_hint = "export SSL_CERT_FILE=FILE with its authority among others";
  out.address_hint = "is --rekor-url right?";
  out.max_body = limits::json_bytes;
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != uuid_digits && text.size() != uuid_digits + tree_digits) return false;
  return codec::hex::decode(text).has_value();
}

Result<void> append_entries(std::vector<tlog::Entry>& out, const json::Value& answer) {
  TRY(const auto* map, json::need_object(answer, "the answer"));
  for (const auto& [id, value] : map->members()) {
    if (out.size() == limits::tlog_entries)
      return fail(Code::too_large, "it answered with too many log entries");
    TRY(const auto* object, json::need_object(value, "the log entry"));
    TRY(auto entry, bundle::from_rekor_answer(*object));
    const std::string own = codec::hex::encode(tlog::leaf_hash(as_bytes(entry.body)));
    if (!is_uuid(id) || !id.ends_with(own))
      return fail(Code::malformed, "a log entry stands under a name that is not its own",
                  json::quote(id.substr(0, uuid_digits + tree_digits)));
    out.push_back(std::move(entry));
  }
  return {};
}

}  // namespace

Result<std::vector<tlog::Entry>> read_rekor_entries(const json::Value& answer) {
  std::vector<tlog::Entry> out;
  TRY_OK(append_entries(out, answer));
  return out;
}

Result<net::Url> parse_rekor_url(const std::string& text, std::string_view place) {
  const auto refuse = [&](std::string why) {
    return fail(Code::invalid_argument, std::string(place) + " is no address of a log", std::move(why),
                std::string(place) + " https://HOST");
  };
  auto url = net::Url::parse(text);
  if (!url) return refuse(url.error().text());
  if (url->scheme != "https" && url->scheme != "http") return refuse("it is neither https:// nor http://");
  if (!url->query.empty()) return refuse("it has a query");
  return url;
}

Rekor::Rekor(const Env& env, std::unique_ptr<net::Transport> transport, net::Url base)
    : service_(env, std::move(transport), options_for(std::move(base))) {}

std::unexpected<Error> Rekor::improper(const Error& error, const std::string& what) const {
  return fail(error.wrap(name() + " gave no proper answer when asked to " + what));
}

Result<tlog::Entry> Rekor::get(const std::string& path, const std::string& what) {
  TRY(const auto answer, service_.ask({"GET", path, what, {}}));
  auto entries = read_rekor_entries(answer);
  if (!entries) return improper(entries.error(), what);
  if (entries->size() == 1) return std::move(entries->front());
  return improper(
      {Code::malformed, "it answered with " + std::to_string(entries->size()) + " log entries", {}, {}},
      what);
}

Result<tlog::Entry> Rekor::by_index(std::uint64_t log_index) {
  const std::string index = std::to_string(log_index);
  const std::string what = "look up the log entry " + index;
  TRY(auto entry, get("/api/v1/log/entries?logIndex=" + index, what));
  if (entry.log_index == log_index) return entry;
  return improper(
      {Code::malformed, "it answered with the log entry " + std::to_string(entry.log_index), {}, {}}, what);
}

Result<tlog::Entry> Rekor::by_uuid(const std::string& uuid) {
  if (!is_uuid(uuid))
    return fail(Code::invalid_argument, json::quote(uuid.substr(0, 100)) + " is no UUID of a log entry",
                "that has 64 or 80 hexadecimal digits");
  const std::string what = "look up the log entry " + uuid;
  TRY(auto entry, get("/api/v1/log/entries/" + uuid, what));
  const std::string own = codec::hex::encode(tlog::leaf_hash(as_bytes(entry.body)));
  const auto lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
  std::string asked = uuid.substr(uuid.size() - uuid_digits);
  std::ranges::transform(asked, asked.begin(), lower);
  if (asked == own) return entry;
  return improper({Code::malformed, "it answered with another log entry", own, {}}, what);
}

Result<std::vector<tlog::Entry>> Rekor::find(json::Array proposed, const std::string& what) {
  TRY(const auto answer, service_.ask({"POST", "/api/v1/log/entries/retrieve", what,
                                       secret_json(json::Object{{"entries", std::move(proposed)}})}));
  if (answer.array() == nullptr)
    return improper({Code::malformed, "the answer is no list of log entries", {}, {}}, what);
  std::vector<tlog::Entry> out;
  for (const auto& one : *answer.array()) {
    const auto appended = append_entries(out, one);
    if (!appended) return improper(appended.error(), what);
  }
  return out;
}

Result<std::vector<tlog::Entry>> Rekor::of_signature(const tlog::LoggedDigest& artifact,
                                                     const tlog::LoggedSignature& signature) {
  TRY(auto proposed, json::parse(tlog::write_hashedrekord_v001(artifact, signature), "the proposed entry"));
  json::Array list;
  list.push_back(std::move(proposed));
  return find(std::move(list), "look for the signature");
}

Result<std::vector<tlog::Entry>> Rekor::of_envelope(const std::vector<std::string>& envelopes,
                                                    const tlog::LoggedSignature& signer) {
  const std::string verifier = tlog::write_verifier(signer);
  json::Array list;
  for (const auto& envelope : envelopes) {
    const json::Object dsse{{"envelope", envelope}, {"verifiers", json::Array{verifier}}};
    list.emplace_back(json::Object{
        {"apiVersion", "0.0.1"}, {"kind", "dsse"}, {"spec", json::Object{{"proposedContent", dsse}}}});
    const json::Object content{{"envelope", envelope}};
    list.emplace_back(json::Object{{"apiVersion", "0.0.1"},
                                   {"kind", "intoto"},
                                   {"spec", json::Object{{"content", content}, {"publicKey", verifier}}}});
  }
  return find(std::move(list), "look for the attestation");
}

}  // namespace sigstore::remote
