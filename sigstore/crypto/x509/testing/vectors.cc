#include "sigstore/crypto/x509/testing/vectors.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sigstore/codec/base64.h"

namespace sigstore::crypto::x509::testing {

namespace json = codec::json;

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::optional<std::string> bundle_vectors() {
  const char* folder = std::getenv("SIGSTORE_VECTORS");
  if (folder == nullptr) return std::nullopt;
  return std::string(folder) + "/sigstore-bundles";
}

std::vector<std::string> bundle_cases(const std::string& vectors) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(vectors)) {
    if (entry.is_directory()) out.push_back(entry.path().string());
  }
  std::ranges::sort(out);
  return out;
}

std::vector<Bytes> raw_bytes(const json::Value& value) {
  std::vector<Bytes> out;
  const auto add = [&](const json::Value& below) {
    for (auto& bytes : raw_bytes(below)) out.push_back(std::move(bytes));
  };
  if (const auto* object = value.object()) {
    for (const auto& [key, member] : object->members()) {
      const auto* text = key == "rawBytes" ? member.string() : nullptr;
      if (text == nullptr) {
        add(member);
      } else if (auto bytes = codec::base64::decode(*text)) {
        out.push_back(std::move(*bytes));
      }
    }
  } else if (const auto* array = value.array()) {
    for (const auto& member : *array) add(member);
  }
  return out;
}

std::vector<Certificate> certificates_in(const json::Value& value) {
  std::vector<Certificate> out;
  for (const auto& bytes : raw_bytes(value)) {
    if (auto certificate = Certificate::parse(bytes)) out.push_back(std::move(*certificate));
  }
  return out;
}

std::optional<Case> read_case(const std::string& vectors, const std::string& folder) {
  auto bundle = json::parse(read_file(folder + "/bundle.sigstore.json"), "bundle");
  if (!bundle) return std::nullopt;
  const std::string own = folder + "/trusted_root.json";
  const bool has_own = std::filesystem::exists(own);
  auto root = json::parse(read_file(has_own ? own : vectors + "/production_trusted_root.json"), "root");
  if (!root) return std::nullopt;
  return Case{std::move(*bundle), std::move(*root)};
}

}  // namespace sigstore::crypto::x509::testing
