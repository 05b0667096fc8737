#include "sigstore/codec/yaml/internal/builder.h"

#include <algorithm>

#include "sigstore/codec/yaml/internal/scalar.h"

namespace sigstore::codec::yaml {
namespace {

constexpr std::string_view core = "tag:yaml.org,2002:";

bool is_core(std::string_view tag, std::string_view name) {
  return tag.starts_with(core) && tag.substr(core.size()) == name;
}

std::string shown(std::string_view text) {
  return json::write_plain(text.substr(0, 64));
}

std::string shown_tag(const std::string& tag) {
  return tag.starts_with(core) ? "!!" + tag.substr(core.size(), 64) : tag.substr(0, 64);
}

std::unexpected<Error> refuse_tag(const std::string& tag) {
  return fail(Code::malformed, "the tag " + shown_tag(tag) + " is not known here");
}

// What an explicit !!null, !!bool, !!int or !!float says that a text is, it must be.
Result<json::Value> resolve_as(std::string_view name, std::string text) {
  auto value = resolve(text);
  const bool holds = (name == "null" && value.is_null()) || (name == "bool" && value.boolean()) ||
                     ((name == "int" || name == "float") && value.number());
  if (!holds) return fail(Code::malformed, shown(text) + " is no !!" + std::string(name));
  return value;
}

Result<json::Value> scalar_value(Node& node) {
  if (node.tag.empty()) return node.plain ? resolve(std::move(node.text)) : json::Value(std::move(node.text));
  if (node.tag == "!" || is_core(node.tag, "str")) return json::Value(std::move(node.text));
  for (const char* name : {"null", "bool", "int", "float"})
    if (is_core(node.tag, name)) return resolve_as(name, std::move(node.text));
  return refuse_tag(node.tag);
}

}  // namespace

void Builder::begin_document() {
  open_.clear();
  anchors_.clear();
  root_ = {};
}

Result<void> Builder::scalar(Node node) {
  TRY_OK(spend({1, node.text.size(), 0}));
  const std::string anchor = std::move(node.anchor);
  if (!open_.empty() && open_.back().is_map && !open_.back().key) {
    const json::Value text = node.text;
    TRY_OK(name_member(open_.back(), std::move(node)));
    return keep(anchor, text);
  }
  TRY(auto value, scalar_value(node));
  TRY_OK(keep(anchor, value));
  return add(std::move(value));
}

Result<void> Builder::alias(const std::string& anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end())
    return fail(Code::malformed,
                "the alias *" + anchor.substr(0, 64) + " names nothing that is complete here");
  const Size size = measure(found->second);
  if (open_.size() + size.depth > options_.max_depth)
    return fail(Code::too_large, "more than " + std::to_string(options_.max_depth) + " levels");
  TRY_OK(spend(size));
  if (open_.empty() || !open_.back().is_map || open_.back().key) return add(found->second);
  const std::string* text = found->second.string();
  if (text == nullptr) return fail(Code::malformed, "a key must be a text");
  return name_member(open_.back(), Node{{}, "!", *text, false});
}

Result<void> Builder::open(Node node, bool is_map) {
  if (!node.tag.empty() && node.tag != "!" && !is_core(node.tag, is_map ? "map" : "seq"))
    return refuse_tag(node.tag);
  if (!open_.empty() && open_.back().is_map && !open_.back().key)
    return fail(Code::malformed, "a key must be a text");
  if (open_.size() >= options_.max_depth)
    return fail(Code::too_large, "more than " + std::to_string(options_.max_depth) + " levels");
  TRY_OK(spend({1, 0, 0}));
  anchors_.erase(node.anchor);  // until it is complete the name is nobody's
  Open& opened = open_.emplace_back();
  opened.is_map = is_map;
  opened.anchor = std::move(node.anchor);
  return {};
}

Result<void> Builder::close() {
  if (open_.back().is_map) TRY_OK(merge(open_.back()));
  Open done = std::move(open_.back());
  open_.pop_back();
  json::Value value = done.is_map ? json::Value(std::move(done.map)) : json::Value(std::move(done.list));
  TRY_OK(keep(done.anchor, value));
  return add(std::move(value));
}

Result<void> Builder::add(json::Value value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return {};
  }
  Open& parent = open_.back();
  if (!parent.is_map)
    parent.list.push_back(std::move(value));
  else if (parent.merges)
    parent.merged.push_back(std::move(value));
  else
    parent.map.append(std::move(*parent.key), std::move(value));
  parent.key.reset();
  parent.merges = false;
  return {};
}

Result<void> Builder::name_member(Open& map, Node node) {
  map.merges = node.plain && node.tag.empty() && node.text == "<<";
  if (node.plain && node.text.empty()) return fail(Code::malformed, "a key is empty");
  if (!node.tag.empty() && node.tag != "!" && !is_core(node.tag, "str")) return refuse_tag(node.tag);
  if (!map.names.insert(node.text).second)
    return fail(Code::malformed, "the key " + shown(node.text) + " stands twice in one map");
  map.key = std::move(node.text);
  return {};
}

// What an anchor names is a copy of its own, and costs as much.
Result<void> Builder::keep(const std::string& anchor, const json::Value& value) {
  if (anchor.empty()) return {};
  TRY_OK(spend(measure(value)));
  anchors_.insert_or_assign(anchor, value);
  return {};
}

Result<void> Builder::spend(const Size& size) {
  values_ += size.values;
  bytes_ += size.bytes;
  if (values_ > options_.max_values)
    return fail(Code::too_large,
                "more than " + std::to_string(options_.max_values) + " values, with aliases expanded");
  if (bytes_ > options_.max_bytes)
    return fail(Code::too_large,
                "more than " + std::to_string(options_.max_bytes) + " bytes of text, with aliases expanded");
  return {};
}

Builder::Size Builder::measure(const json::Value& value) {
  Size size{1, 0, 0};
  const auto include = [&](const json::Value& child) {
    const Size inner = measure(child);
    size = {size.values + inner.values, size.bytes + inner.bytes, std::max(size.depth, inner.depth)};
  };
  if (const auto* text = value.string()) size.bytes = text->size();
  if (const auto* list = value.array()) std::ranges::for_each(*list, include);
  if (const auto* map = value.object()) {
    for (const auto& member : map->members()) {
      include(member.value);
      size.bytes += member.key.size();
    }
  }
  if (value.array() != nullptr || value.object() != nullptr) ++size.depth;
  return size;
}

// Members of a << stand where the map has none of that name; of several maps the first wins.
Result<void> Builder::merge(Open& map) {
  for (json::Value& from : map.merged) {
    if (json::Array* list = from.array()) {
      for (json::Value& each : *list) TRY_OK(merge_map(map, each));
    } else {
      TRY_OK(merge_map(map, from));
    }
  }
  return {};
}

Result<void> Builder::merge_map(Open& map, json::Value& from) {
  if (from.object() == nullptr) return fail(Code::malformed, "<< takes a map or a list of maps");
  for (const auto& member : from.object()->members())
    if (map.names.insert(member.key).second) map.map.append(member.key, member.value);
  return {};
}

}  // namespace sigstore::codec::yaml
