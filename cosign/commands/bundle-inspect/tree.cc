#include <cctype>

#include "cosign/commands/bundle-inspect/bundle_facts.h"
#include "sigstore/codec/printable.h"

namespace cosign::bundle_inspect {
namespace {

namespace json = sigstore::codec::json;

// "predicateType" as people read it: "Predicate Type".
std::string label_of(std::string_view key) {
  std::string out;
  for (const char c : key) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty()) out += ' ';
    out += out.empty() ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
  }
  return sigstore::codec::printable(out);
}

std::string plain(const json::Value& value) {
  if (value.string() != nullptr) return sigstore::codec::printable(*value.string());
  if (value.boolean() != nullptr) return *value.boolean() ? "yes" : "no";
  return value.number() != nullptr ? value.number()->text : "";
}

void write(std::string& out, int depth, const std::string& label, const json::Value& value);

void write_members(std::string& out, int depth, const json::Object& object) {
  for (const auto& [key, value] : object.members()) write(out, depth, label_of(key), value);
}

void write(std::string& out, int depth, const std::string& label, const json::Value& value) {
  const std::string line = std::string(2 * static_cast<std::size_t>(depth), ' ') + "- " + label + ":";
  if (value.array() != nullptr) {
    out += line + " " + std::to_string(value.array()->size()) + "\n";
    std::size_t number = 0;
    for (const auto& element : *value.array())
      write(out, depth + 1, "[" + std::to_string(number++) + "]", element);
  } else if (value.object() != nullptr) {
    out += line + "\n";
    write_members(out, depth + 1, *value.object());
  } else {
    out += line + " " + plain(value) + "\n";
  }
}

}  // namespace

std::string as_tree(const json::Object& document) {
  std::string out;
  for (const auto& [key, value] : document.members())
    if (key != "version") write(out, 0, key == "verified" ? "Verified" : label_of(key), value);
  return out;
}

}  // namespace cosign::bundle_inspect
