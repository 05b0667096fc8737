#include <algorithm>

#include "sigstore/net/transport.h"

namespace sigstore::net {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::optional<std::string> Headers::get(std::string_view name) const {
  for (const auto& [key, value] : list_)
    if (same_name(key, name)) return value;
  return std::nullopt;
}

std::vector<std::string> Headers::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : list_)
    if (same_name(key, name)) values.push_back(value);
  return values;
}

void Headers::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(list_, [&](const auto& header) { return same_name(header.first, name); });
}

}  // namespace sigstore::net
