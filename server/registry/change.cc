#include "server/registry/change.h"

#include <array>
#include <utility>

#include "sigstore/codec/json.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;
namespace json = sigstore::codec::json;
using Kind = Change::Kind;

namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 6> names = {{
    {Kind::add_blob, "add-blob"},
    {Kind::put_manifest, "put-manifest"},
    {Kind::put_tag, "put-tag"},
    {Kind::remove_blob, "remove-blob"},
    {Kind::remove_manifest, "remove-manifest"},
    {Kind::remove_tag, "remove-tag"},
}};
constexpr std::string_view what = "change";

std::string_view name_of(Kind kind) {
  for (const auto& [known, name] : names)
    if (known == kind) return name;
  std::unreachable();
}

Result<Kind> kind_of(const json::Object& object) {
  TRY(const std::string op, json::need_string(object, "op", what));
  for (const auto& [kind, name] : names)
    if (name == op) return kind;
  return fail(Code::malformed, "no such change: " + op);
}

bool is_of_tag(Kind kind) {
  return kind == Kind::put_tag || kind == Kind::remove_tag;
}

void append_entry(json::Object& object, const ManifestEntry& entry) {
  object.append("descriptor", entry.descriptor.to_json());
  if (entry.subject) object.append("subject", entry.subject->text());
  if (entry.referrer) object.append("referrer", entry.referrer->to_json());
}

Result<Digest> need_digest(const json::Object& object, std::string_view key) {
  TRY(const std::string text, json::need_string(object, key, what));
  return Digest::parse(text);
}

Result<ManifestEntry> parse_entry(const json::Object& object) {
  ManifestEntry entry;
  const json::Value* descriptor = object.find("descriptor");
  if (descriptor == nullptr) return fail(Code::malformed, "a manifest without a descriptor");
  TRY(entry.descriptor, Descriptor::from_json(*descriptor, what));
  if (object.find("subject") != nullptr) {
    TRY(entry.subject, need_digest(object, "subject"));
  }
  if (const json::Value* referrer = object.find("referrer")) {
    TRY(entry.referrer, Descriptor::from_json(*referrer, what));
  }
  return entry;
}

Result<std::vector<std::string>> parse_tags(const json::Object& object) {
  std::vector<std::string> tags;
  TRY(const json::Array* list, json::optional_array(object, "tags", what));
  if (list == nullptr) return tags;
  for (const json::Value& tag : *list) {
    if (tag.string() == nullptr) return fail(Code::malformed, "a tag that is no text");
    tags.push_back(*tag.string());
  }
  return tags;
}

}  // namespace

std::int64_t seconds_now(const sigstore::Clock& clock) {
  const auto since = clock.now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

void append_change(json::Object& object, const Change& change) {
  object.append("op", name_of(change.kind));
  object.append("time", change.time);
  object.append("repository", change.repository);
  if (change.kind == Kind::put_manifest) {
    append_entry(object, *change.entry);
    if (!change.tags.empty()) object.append("tags", json::Array(change.tags.begin(), change.tags.end()));
    return;
  }
  if (change.kind != Kind::remove_tag) object.append("digest", change.digest.text());
  if (is_of_tag(change.kind)) object.append("tag", change.tags.at(0));
}

Result<Change> parse_change(const json::Object& object) {
  Change change;
  TRY(change.kind, kind_of(object));
  TRY(change.repository, json::need_string(object, "repository", what));
  const json::Value* time = object.find("time");
  if (time == nullptr) return fail(Code::malformed, "a change without a time");
  TRY(change.time, time->to_int64());
  if (change.kind == Kind::put_manifest) {
    TRY(change.entry, parse_entry(object));
    TRY(change.tags, parse_tags(object));
    return change;
  }
  if (change.kind != Kind::remove_tag) {
    TRY(change.digest, need_digest(object, "digest"));
  }
  if (is_of_tag(change.kind)) {
    TRY(std::string tag, json::need_string(object, "tag", what));
    change.tags.push_back(std::move(tag));
  }
  return change;
}

}  // namespace server::registry
