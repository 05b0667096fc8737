#include "sigstore/oci/members.h"

#include <algorithm>

#include "sigstore/base/limits.h"

namespace sigstore::oci {

namespace json = codec::json;

json::Object members_except(const json::Object& object, std::span<const std::string_view> known) {
  json::Object out;
  for (const auto& [name, value] : object.members()) {
    if (std::ranges::find(known, name) == known.end()) out.append(name, value);
  }
  return out;
}

void append_members(json::Object& out, const json::Object& members) {
  for (const auto& [name, value] : members.members()) out.append(name, value);
}

void move_member(json::Object& from, json::Object& out, std::string_view name) {
  auto* value = from.find(name);
  if (value == nullptr) return;
  out.append(std::string(name), std::move(*value));
  from.erase(name);
}

json::Object in_order(json::Object members, std::span<const std::string_view> names) {
  json::Object out;
  for (const auto name : names) move_member(members, out, name);
  append_members(out, members);
  return out;
}

void append_text(json::Object& out, std::string name, const std::string& text) {
  if (!text.empty()) out.append(std::move(name), text);
}

void append_annotations(json::Object& out, const Annotations& annotations) {
  if (annotations.empty()) return;
  json::Object object;
  for (const auto& [name, value] : annotations) object.append(name, value);
  out.append("annotations", std::move(object));
}

Result<Annotations> read_annotations(const json::Object& object, std::string_view what) {
  TRY(const auto* annotations, json::optional_object(object, "annotations", what));
  Annotations out;
  if (annotations == nullptr) return out;
  if (annotations->size() > limits::annotations) {
    return fail(Code::too_large,
                std::string(what) + " has more than " + std::to_string(limits::annotations) + " annotations");
  }
  for (const auto& [name, value] : annotations->members()) {
    if (value.string() == nullptr) {
      return fail(Code::malformed, std::string(what) + ": the annotation " +
                                       json::quote(name.substr(0, 100)) + " is not a string");
    }
    out.emplace(name, *value.string());
  }
  return out;
}

}  // namespace sigstore::oci
